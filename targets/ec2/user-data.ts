import { stringify } from "yaml";

import { projectFile } from "../../services/asset";

/** Largest user data of an instance, in bytes before encoding (EC2 user guide, "Run commands when you launch an EC2 instance with user data input"). */
export const largestUserData = 16_384;

/** What an instance is told; nothing of it is secret. */
export interface InstanceArgs {
  readonly region: string;
  /** Bucket of the releases. */
  readonly bucket: string;
  /** Key of the document that it runs. */
  readonly key: string;
  /** Name of its Auto Scaling group. */
  readonly group: string;
  /** Lifecycle hook that waits for its answer. */
  readonly hook: string;
  /** Log group of the instance itself. */
  readonly logGroup: string;
  /** Namespace of its metrics. */
  readonly metrics: string;
}

const script = "/opt/somastack/somastack";

/** Docker, Compose, the ECR helper and jq from Ubuntu's archive; the AWS CLI as AWS's own snap. */
const packages = ["amazon-ecr-credential-helper", "docker-compose-v2", "docker.io", "jq"];

/** The cloud-config of an instance: packages, the script, its units, the CloudWatch agent. */
export function userData(args: InstanceArgs): string {
  const { region, bucket, key, group, hook } = args;
  const instance = Object.entries({ REGION: region, BUCKET: bucket, KEY: key, GROUP: group, HOOK: hook }).map(([name, value]) => `${name}='${value}'\n`).join("");
  const config = {
    package_update: true,
    packages,
    snap: { commands: [["install", "aws-cli", "--classic"]] },
    write_files: [
      { path: "/etc/somastack/instance", permissions: "0644", content: instance },
      { path: script, permissions: "0755", content: projectFile("targets/ec2/files/somastack.sh") },
      { path: "/root/.docker/config.json", permissions: "0600", content: '{"credsStore": "ecr-login"}\n' },
      // Containers outlive a restart of Docker, as unattended upgrades make one.
      { path: "/etc/docker/daemon.json", permissions: "0644", content: '{"live-restore": true}\n' },
      { path: "/etc/somastack/cloudwatch.json", permissions: "0644", content: agentConfiguration(args) },
      ...units(),
    ],
    runcmd: [
      `curl -fsS --retry 5 -o /tmp/agent.deb https://amazoncloudwatch-agent-${region}.s3.${region}.amazonaws.com/ubuntu/amd64/latest/amazon-cloudwatch-agent.deb && dpkg -i -E /tmp/agent.deb`,
      "/opt/aws/amazon-cloudwatch-agent/bin/amazon-cloudwatch-agent-ctl -a fetch-config -m ec2 -s -c file:/etc/somastack/cloudwatch.json",
      "systemctl daemon-reload",
      "systemctl enable somastack.service",
      "systemctl start --no-block somastack.service",
      "systemctl enable --now somastack-check.timer somastack-credentials.timer",
    ],
  };
  return `#cloud-config\n${stringify(config, { lineWidth: 0 })}`;
}

/** Memory and disk, which EC2 itself does not measure, and the log of the start. */
function agentConfiguration({ logGroup, metrics }: InstanceArgs): string {
  const file = (path: string, stream: string): object => ({ file_path: path, log_group_name: logGroup, log_stream_name: stream });
  return `${JSON.stringify({
    agent: { metrics_collection_interval: 60 },
    metrics: {
      namespace: metrics,
      append_dimensions: { AutoScalingGroupName: "${aws:AutoScalingGroupName}" },
      aggregation_dimensions: [["AutoScalingGroupName"]],
      metrics_collected: { mem: { measurement: ["used_percent"] }, disk: { measurement: ["used_percent"], ignore_file_system_types: ["tmpfs", "overlay", "squashfs"] } },
    },
    logs: { logs_collected: { files: { collect_list: [file("/var/log/somastack.log", "{instance_id}"), file("/var/log/cloud-init-output.log", "{instance_id}/cloud-init")] } } },
  })}\n`;
}

function units(): { readonly path: string; readonly content: string }[] {
  const unit = (name: string, sections: Readonly<Record<string, readonly string[]>>): { path: string; content: string } => ({
    path: `/etc/systemd/system/${name}`,
    content: Object.entries(sections).map(([section, lines]) => `[${section}]\n${lines.join("\n")}\n`).join("\n"),
  });
  const log = ["StandardOutput=append:/var/log/somastack.log", "StandardError=inherit"];
  const repeated = (name: string, minutes: number): { path: string; content: string }[] => [
    unit(`somastack-${name}.service`, { Unit: ["After=somastack.service"], Service: ["Type=oneshot", `ExecStart=${script} ${name}`, ...log] }),
    unit(`somastack-${name}.timer`, { Timer: [`OnActiveSec=${minutes}min`, `OnUnitActiveSec=${minutes}min`], Install: ["WantedBy=timers.target"] }),
  ];
  return [
    unit("somastack.service", {
      Unit: ["Description=The services of SomaStack on this instance", "Requires=docker.service", "Wants=network-online.target", "After=docker.service network-online.target snapd.seeded.service"],
      Service: ["Type=oneshot", "RemainAfterExit=yes", `ExecStart=${script} start`, `ExecStop=${script} stop`, "TimeoutStartSec=1500", "TimeoutStopSec=180", ...log],
      Install: ["WantedBy=multi-user.target"],
    }),
    ...repeated("check", 1),
    ...repeated("credentials", 20),
  ];
}
