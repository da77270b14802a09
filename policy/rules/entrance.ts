import { isHidden, type PolicyResource } from "../resource";
import { belongsTo, checks, ofType, spans, wants, type Rule, type StackFault } from "../rule";
import { at, atLeast, faults, isGiven, isTrue, list, matches, parsed, text } from "../values";

const balancer = "aws:lb/loadBalancer:LoadBalancer";
const listener = "aws:lb/listener:Listener";
const ingress = "kubernetes:networking.k8s.io/v1:Ingress";
/** Policies of AWS whose oldest protocol is TLS 1.2 (Elastic Load Balancing user guide, "Security policies for your Application Load Balancer"). */
const modernTls = /^ELBSecurityPolicy-(TLS13-1-[23]|TLS-1-2|FS-1-2)/;
const alb = "alb.ingress.kubernetes.io/";

const redirects = (action: unknown): boolean => at(action, "type") === "redirect" && at(action, "redirect.protocol") === "HTTPS";

/** The faults of an entrance over HTTP. */
function listenerFaults({ props }: PolicyResource): string[] {
  const protocol = props["protocol"];
  if (isHidden(protocol) || protocol === undefined) return [];
  if (protocol === "HTTP") return isHidden(props["defaultActions"]) || list(props, "defaultActions").every(redirects) ? [] : ["answers in clear instead of redirecting to HTTPS"];
  if (protocol !== "HTTPS" && protocol !== "TLS") return [`takes ${String(protocol)}, which is not encrypted`];
  return faults(props, [
    { path: "sslPolicy", allowed: matches(modernTls), rule: "must be a policy of TLS 1.2 and 1.3" },
    { path: "certificateArn", allowed: isGiven, rule: "must be the ARN of a certificate of ACM" },
  ]);
}

/** An Ingress is one of a load balancer of AWS, or of a controller that reads `spec.tls`. */
function ingressFaults({ props }: PolicyResource): string[] {
  const annotation = (key: string): unknown => (at(props, "metadata.annotations") as Record<string, unknown> | undefined)?.[key];
  if (isHidden(at(props, "metadata.annotations"))) return [];
  if (at(props, "spec.ingressClassName") !== "alb") return list(props, "spec.tls").length > 0 ? [] : ["has no spec.tls"];
  const ports = parsed(annotation(`${alb}listen-ports`));
  const plain = Array.isArray(ports) && ports.some((port) => at(port, "HTTP") !== undefined);
  return [
    ...(plain && !isGiven(annotation(`${alb}ssl-redirect`)) ? ["listens on HTTP without a redirect"] : []),
    ...(isHidden(annotation(`${alb}ssl-policy`)) || matches(modernTls)(annotation(`${alb}ssl-policy`)) ? [] : ["its TLS policy is not of TLS 1.2 and 1.3"]),
    ...(isGiven(annotation(`${alb}certificate-arn`)) ? [] : ["has no certificate"]),
  ];
}

const isApplication = ({ props }: PolicyResource): boolean => props["loadBalancerType"] === undefined || props["loadBalancerType"] === "application";

/** Load balancers with an entrance, none of which is TLS. */
function withoutTls(resources: readonly PolicyResource[]): StackFault[] {
  const listeners = ofType(resources, listener);
  return ofType(resources, balancer).filter(isApplication).flatMap((owner) => {
    const its = listeners.filter((one) => belongsTo(one, owner, "loadBalancerArn") || one.props["loadBalancerArn"] === owner.props["arn"] || one.parent === owner.parent);
    return its.length === 0 || its.some(({ props }) => props["protocol"] === "HTTPS" || isHidden(props["protocol"])) ? [] : [{ urn: owner.urn, fault: "has no HTTPS listener: its redirect leads nowhere" }];
  });
}

/** TLS at the load balancer. */
export const entranceRules: readonly Rule[] = [
  checks(listener, {
    name: "aws-listener-tls",
    why: "Nothing of a user's travels in clear, and HTTP serves only to send them to HTTPS.",
    mend: "Redirect the HTTP listener to HTTPS; give the HTTPS listener a certificate and a policy such as ELBSecurityPolicy-TLS13-1-2-Res-2021-06.",
  }, listenerFaults),
  checks(ingress, {
    name: "kubernetes-ingress-tls",
    why: "Nothing of a user's travels in clear, and HTTP serves only to send them to HTTPS.",
    mend: "Give the Ingress a certificate (ACM for an ALB, cert-manager elsewhere) and a redirect from HTTP.",
  }, ingressFaults),
  spans({
    name: "public-listeners",
    why: "A load balancer that redirects to HTTPS must also answer there.",
    mend: "Add an HTTPS listener with a certificate to the load balancer.",
  }, withoutTls),
  wants(balancer, {
    name: "aws-load-balancer-hardened",
    why: "Malformed headers are how requests are smuggled, and access logs are the record of every request.",
    mend: "Set dropInvalidHeaderFields and accessLogs.enabled with a bucket.",
  }, [
    { path: "dropInvalidHeaderFields", allowed: isTrue, rule: "must be true" },
    { path: "accessLogs.enabled", allowed: isTrue, rule: "must be true" },
  ]),
  wants(balancer, {
    name: "aws-load-balancer-idle-timeout",
    why: "A WebSocket that says nothing for a while must not be cut.",
    mend: "Raise idleTimeout.",
    parameters: { seconds: 300 },
  }, ({ seconds = 300 }) => [{ path: "idleTimeout", allowed: atLeast(seconds), rule: `must be at least ${seconds} seconds` }]),
  wants(balancer, {
    name: "aws-load-balancer-protected",
    why: "A load balancer that is deleted by mistake takes its name and every user's connection with it.",
    mend: "Set enableDeletionProtection.",
  }, [{ path: "enableDeletionProtection", allowed: isTrue, rule: "must be true" }]),
  checks("aws:acm/certificate:Certificate", {
    name: "aws-certificate-renews",
    why: "A certificate that is validated by DNS renews itself; one validated by mail or imported ends some night.",
    mend: "Set validationMethod to DNS.",
  }, ({ props }) => (props["privateKey"] !== undefined ? ["is imported and does not renew itself"] : text(props, "validationMethod") === "EMAIL" ? ["is validated by mail"] : [])),
];
