#!/bin/bash
# The instance's part of SomaStack: starts, watches and stops the containers of its release, and runs jobs.
#   somastack start | stop | check | credentials | job NAME KEY SECONDS
set -euo pipefail
root="${SOMASTACK_ROOT:-}" # another one than / for tests alone
# shellcheck source=/dev/null
. "$root/etc/somastack/instance" # REGION BUCKET KEY GROUP HOOK
export AWS_DEFAULT_REGION="$REGION" AWS_MAX_ATTEMPTS=8 AWS_RETRY_MODE=standard HOME=/root PATH="$PATH:/snap/bin"
run="$root/run/somastack"
state="$root/var/lib/somastack"
install -d -m 700 "$run" "$state"

say() { echo "$(date -u +%FT%TZ) $*"; }

metadata() {
  local token
  token=$(curl -fsS --retry 5 -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' http://169.254.169.254/latest/api/token)
  curl -fsS --retry 5 -H "X-aws-ec2-metadata-token: $token" "http://169.254.169.254/latest/meta-data/$1"
}

# fetch KEY FOLDER: the document of a release; its name holds the hash of what it must be.
fetch() {
  install -d -m 700 "$2"
  aws s3api get-object --bucket "$BUCKET" --key "$1" "$2/compose.json" > /dev/null
  echo "$(basename "$1" .json)  $2/compose.json" | sha256sum --check --status
  document="$2/compose.json"
}

# told FILTER: lines of tab-separated values from the document's part for this script.
told() { jq -r ".\"x-somastack\".$1 | @tsv" "$document"; }

# Secrets are variables of this process and of its containers, never a file.
read_secrets() {
  local variable arn version value
  while IFS=$'\t' read -r variable arn version; do
    value=$(aws secretsmanager get-secret-value --secret-id "$arn" --version-id "$version" --query SecretString --output text < /dev/null)
    export "$variable=$value"
  done < <(told 'secrets[] | [.variable, .arn, .version]')
}

write_files() {
  local name
  install -d -m 755 "$state/files"
  while IFS=$'\t' read -r name; do
    jq -j --arg name "$name" '."x-somastack".files[] | select(.name == $name).content | gsub("[$][$]"; "$")' "$document" > "$state/files/$name"
    chmod 644 "$state/files/$name"
  done < <(told 'files[] | [.name]')
}

# Each service that other groups call has an address of its own; the load balancer uses the instance's.
take_addresses() {
  local mac interface found index=0 id variable
  mac=$(metadata mac)
  SOMASTACK_ADDRESS=$(metadata local-ipv4)
  export SOMASTACK_ADDRESS
  found=$(metadata "network/interfaces/macs/$mac/local-ipv4s")
  mapfile -t own < <(grep -vxF "$SOMASTACK_ADDRESS" <<< "$found" | sort)
  interface=$(ip -json link show | jq -r --arg mac "$mac" '.[] | select(.address == $mac).ifname')
  while IFS=$'\t' read -r id variable; do
    # Not grep -q: it would end before ip has said everything, and the pipe would count as failed.
    ip -o address show dev "$interface" | grep -F " ${own[$index]}/" > /dev/null || ip address add "${own[$index]}/32" dev "$interface"
    export "$variable=${own[$index]}"
    index=$((index + 1))
  done < <(told 'names[] | [.id, .address]')
}

# Data volumes stay when their instance goes: the next one attaches them.
attach_volumes() {
  local name volume disk folder probed letter=f
  while IFS=$'\t' read -r name volume; do
    disk="$root/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${volume/-/}"
    folder="$state/volumes/$name"
    if [ ! -e "$disk" ]; then
      aws ec2 wait volume-available --volume-ids "$volume" < /dev/null
      aws ec2 attach-volume --volume-id "$volume" --instance-id "$SOMASTACK_INSTANCE_ID" --device "/dev/sd$letter" < /dev/null > /dev/null
      for _ in $(seq 120); do [ -e "$disk" ] && break; sleep 1; done
    fi
    letter=$(echo "$letter" | tr f-o g-p)
    # Only a disk of which nothing at all is known is formatted: blkid says so with 2.
    probed=0
    blkid --probe "$disk" > /dev/null || probed=$?
    if [ "$probed" = 2 ]; then mkfs.ext4 -q "$disk"; elif [ "$probed" != 0 ]; then say "$disk cannot be read"; return 1; fi
    mkdir -p "$folder"
    mountpoint -q "$folder" || mount "$disk" "$folder"
    mkdir -p "$folder/data"
  done < <(told 'volumes[] | [.name, .id]')
}

# Short-lived credentials of each role of a service, where the container "credentials" finds them.
renew_credentials() {
  local name role
  install -d -m 750 -g 1000 "$run/credentials"
  while IFS=$'\t' read -r name role; do
    aws sts assume-role --role-arn "$role" --role-session-name "$SOMASTACK_INSTANCE_ID" --duration-seconds 3600 < /dev/null |
      jq '.Credentials | {AccessKeyId, SecretAccessKey, Token: .SessionToken, Expiration}' |
      install -m 440 -g 1000 /dev/stdin "$run/credentials/$name.json.new"
    mv "$run/credentials/$name.json.new" "$run/credentials/$name.json"
  done < <(told 'credentials[] | [.name, .role]')
}

containers() { docker ps --all --quiet --filter label=com.docker.compose.project=somastack; }

# Whether every container runs in good health, or was to end and ended well.
healthy() {
  local id found
  [ -n "$(containers)" ] || return 1
  for id in $(containers); do
    found=$(docker inspect --format '{{.Name}} {{.State.Status}} {{.State.ExitCode}} {{if .State.Health}}{{.State.Health.Status}}{{else}}-{{end}} {{.HostConfig.RestartPolicy.Name}}' "$id")
    case "$found" in
      *" running "*" healthy "* | *" exited 0 "*" no") ;;
      *) say "not healthy: $found"; return 1 ;;
    esac
  done
}

name_instance() { aws servicediscovery register-instance --service-id "$1" --instance-id "$SOMASTACK_INSTANCE_ID" --attributes "AWS_INSTANCE_IPV4=$2" < /dev/null > /dev/null; }
unname() { aws servicediscovery deregister-instance --service-id "$1" --instance-id "$2" < /dev/null > /dev/null; }

# In-network names point to this instance from now on, and no longer to instances that are gone.
take_names() {
  local id variable living other
  living=$(aws autoscaling describe-auto-scaling-groups --auto-scaling-group-names "$GROUP" --query 'AutoScalingGroups[0].Instances[].InstanceId' --output text | tr '\t' ' ')
  while IFS=$'\t' read -r id variable; do
    name_instance "$id" "${!variable}"
    for other in $(aws servicediscovery list-instances --service-id "$id" --query 'Instances[].Id' --output text < /dev/null); do
      case " $living " in *" $other "*) ;; *) unname "$id" "$other" || say "the name of $other is still there" ;; esac
    done
  done < <(told 'names[] | [.id, .address]')
}

# Tells the group how the start ended: an instance that never gets healthy never gets traffic, and is replaced.
answer() {
  aws autoscaling complete-lifecycle-action --auto-scaling-group-name "$GROUP" --lifecycle-hook-name "$HOOK" \
    --instance-id "$SOMASTACK_INSTANCE_ID" --lifecycle-action-result "$1" 2> /dev/null || say "the group does not wait for an answer"
}

# In a process of its own: whatever fails in it ends it, and is answered.
start() {
  if "$BASH" "$0" begin; then answer CONTINUE; say "release $KEY runs"; else answer ABANDON; say "the start failed"; exit 1; fi
}

begin() {
  fetch "$KEY" "$run/release"
  read_secrets
  write_files
  attach_volumes
  take_addresses
  renew_credentials
  if jq -e '.services != {}' "$document" > /dev/null; then
    docker compose --file "$document" pull --quiet || { sleep 15; docker compose --file "$document" pull --quiet; }
    docker compose --file "$document" up --detach --remove-orphans --quiet-pull
    for _ in $(seq 120); do healthy > /dev/null && break; sleep 5; done
    healthy
  fi
  take_names
}

stop() {
  local id variable
  document="$run/release/compose.json"
  if [ -e "$document" ]; then
    while IFS=$'\t' read -r id variable; do unname "$id" "$SOMASTACK_INSTANCE_ID" || say "the name $variable is still there"; done < <(told 'names[] | [.id, .address]')
  fi
  # Databases end in order: a minute between SIGTERM and SIGKILL.
  containers | xargs --no-run-if-empty docker stop --time 60 > /dev/null
}

# Ten failures in a row, a minute apart, end the instance: the group starts another one.
check() {
  local count=0
  if healthy; then rm -f "$run/failures"; return; fi
  [ -e "$run/failures" ] && count=$(cat "$run/failures")
  echo $((count + 1)) > "$run/failures"
  if [ "$count" -ge 9 ]; then aws autoscaling set-instance-health --instance-id "$SOMASTACK_INSTANCE_ID" --health-status Unhealthy; fi
}

# job NAME KEY SECONDS: once a release, however often it is asked for.
job() {
  local code=0 release done_key
  release=$(basename "$2" .json)
  done_key="done/$1/$release"
  exec 9> "$run/job.lock"
  flock 9
  if aws s3api head-object --bucket "$BUCKET" --key "$done_key" > /dev/null 2>&1; then say "$1 has run for this release"; return; fi
  fetch "$2" "$run/jobs/$1"
  export SOMASTACK_RELEASE="${release:0:12}"
  read_secrets
  write_files
  docker rm --force "somastack-job-$1" > /dev/null 2>&1 || true
  docker compose --file "$document" --project-name "somastack-job-$1" pull --quiet
  timeout --kill-after 30 "$3" docker compose --file "$document" --project-name "somastack-job-$1" run -T --rm --name "somastack-job-$1" "$1" < /dev/null || code=$?
  docker rm --force "somastack-job-$1" > /dev/null 2>&1 || true
  if [ "$code" != 0 ]; then say "$1 ended with $code"; exit "$code"; fi
  aws s3api put-object --bucket "$BUCKET" --key "$done_key" > /dev/null
  say "$1 has run"
}

SOMASTACK_INSTANCE_ID=$(metadata instance-id)
export SOMASTACK_INSTANCE_ID
case "${1:-}" in
  start | begin | stop | check) "$1" ;;
  credentials) document="$run/release/compose.json"; renew_credentials ;;
  job) job "$2" "$3" "$4" ;;
  *) echo "somastack start | stop | check | credentials | job NAME KEY SECONDS" >&2; exit 2 ;;
esac
