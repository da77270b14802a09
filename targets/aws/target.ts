import type { Input } from "@pulumi/pulumi";

import type { DataKind } from "../../services/types";
import type { DataSpec, ImageRef, ImageSource, Job, JobSpec, Options, SecretRef, SecretSource, Service, ServiceSpec, Target, TargetContext, VolumeRef } from "../target";
import { createData } from "./data/create";
import { AwsFoundation } from "./foundation";
import { AwsImage } from "./images";
import { AwsSecret } from "./secrets";

/** What the AWS targets have in common: secrets, images and managed data. */
export abstract class AwsTarget implements Target {
  protected readonly foundation: AwsFoundation;

  protected constructor(context: TargetContext, options: { readonly privateDns: boolean }) {
    this.foundation = new AwsFoundation(context, options);
  }

  /** The network and the region, for operators. */
  get outputs(): Readonly<Record<string, Input<unknown>>> {
    const { context, network, alarms } = this.foundation;
    return { region: context.values.region, vpcId: network.vpcId, alarmTopic: alarms.topic.arn };
  }

  secret(name: string, source: SecretSource, options: Options): SecretRef {
    return new AwsSecret(name, this.foundation, source, options);
  }

  image(name: string, source: ImageSource, options: Options): ImageRef {
    return new AwsImage(name, this.foundation, source, options);
  }

  data(kind: DataKind, name: string, spec: DataSpec, options: Options): Service {
    return createData(this.foundation, kind, name, spec, options);
  }

  abstract volume(name: string, spec: { readonly sizeGib: number }, options: Options): VolumeRef;
  abstract job(name: string, spec: JobSpec, options: Options): Job;
  abstract service(name: string, spec: ServiceSpec, options: Options): Service;
}
