"""What the gateway and the workers share."""
