import * as aws from "@pulumi/aws";
import * as dockerBuild from "@pulumi/docker-build";
import * as pulumi from "@pulumi/pulumi";

import type { ImageRef, ImageSource, Options } from "../target";
import type { AwsFoundation } from "./foundation";

/** Images that nothing names any more are kept this long. */
const keptUntaggedDays = 14;
/** Tagged images that are kept for a way back. */
const keptTagged = 50;

/** A private registry's reference by digest: it needs no copy. */
const ownByDigest = /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com\/.+@sha256:[0-9a-f]{64}$/;

/** An image in the stack's own registry, run by its digest: built, or copied from where its reference says. */
export class AwsImage extends pulumi.ComponentResource implements ImageRef {
  readonly imageName: string;
  /** `REPOSITORY@sha256:DIGEST`. */
  readonly reference: pulumi.Output<string>;

  constructor(name: string, foundation: AwsFoundation, source: ImageSource, { parent }: Options) {
    super("somastack:aws:Image", name, {}, { ...(parent === undefined ? {} : { parent }), providers: [foundation.provider] });
    this.imageName = name;
    if ("reference" in source && ownByDigest.test(source.reference)) {
      // An earlier image of this stack: the repository that it lies in stays the stack's.
      if (source.reference.includes(`/${repositoryName(name, foundation)}@`)) this.createRepository(name, foundation);
      this.reference = pulumi.output(source.reference);
    } else {
      this.reference = this.push(name, foundation, source);
    }
    this.registerOutputs({ reference: this.reference });
  }

  /** The image behind a reference that an AWS target made. */
  static of(reference: ImageRef): AwsImage {
    if (!(reference instanceof AwsImage)) throw new Error(`the image ${reference.imageName} was made by another target`);
    return reference;
  }

  private createRepository(name: string, foundation: AwsFoundation): aws.ecr.Repository {
    const { context, key } = foundation;
    const repository = new aws.ecr.Repository(name, {
      name: repositoryName(name, foundation),
      imageTagMutability: "IMMUTABLE_WITH_EXCLUSION",
      // The build cache is written again and again; images are not.
      imageTagMutabilityExclusionFilters: [{ filter: "cache*", filterType: "WILDCARD" }],
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: key.arn }],
      forceDelete: !context.profile.production,
    }, { parent: this });
    new aws.ecr.LifecyclePolicy(name, { repository: repository.name, policy: lifecycle }, { parent: this });
    return repository;
  }

  private push(name: string, foundation: AwsFoundation, source: ImageSource): pulumi.Output<string> {
    const repository = this.createRepository(name, foundation);
    const login = aws.ecr.getAuthorizationTokenOutput({ registryId: repository.registryId }, { parent: this });
    const tag = "reference" in source ? tagOf(source.reference) : source.contentKey;
    const image = new dockerBuild.Image(name, {
      ...buildOf(source),
      platforms: ["linux/amd64"],
      tags: [pulumi.interpolate`${repository.repositoryUrl}:${tag}`],
      push: true,
      ...("reference" in source ? {} : {
        cacheFrom: [{ registry: { ref: pulumi.interpolate`${repository.repositoryUrl}:cache` } }],
        cacheTo: [{ registry: { ref: pulumi.interpolate`${repository.repositoryUrl}:cache`, mode: "max", imageManifest: true, ociMediaTypes: true } }],
      }),
      registries: [{ address: repository.repositoryUrl, username: login.userName, password: login.password }],
    }, { parent: this, ignoreChanges: ["registries"] });
    return image.ref;
  }
}

function repositoryName(name: string, { context }: AwsFoundation): string {
  return `somastack-${context.stack}/${name}`;
}

function buildOf(source: ImageSource): Pick<dockerBuild.ImageArgs, "context" | "dockerfile" | "target" | "buildArgs"> {
  // A copy of what a reference names: every task then pulls by digest from our own registry, inside the network.
  if ("reference" in source) return { dockerfile: { inline: `FROM ${source.reference}\n` } };
  return {
    context: { location: source.context },
    dockerfile: { location: source.dockerfile },
    buildArgs: { ...source.args },
    ...(source.target === undefined ? {} : { target: source.target }),
  };
}

/** The tag of a reference; the start of its digest where it has none. */
function tagOf(reference: string): string {
  const digest = /@sha256:([0-9a-f]{12})/.exec(reference)?.[1];
  return digest ?? /:([\w.-]+)$/.exec(reference)?.[1] ?? "latest";
}

const lifecycle = JSON.stringify({
  rules: [
    { rulePriority: 1, description: "untagged images go", selection: { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: keptUntaggedDays }, action: { type: "expire" } },
    { rulePriority: 2, description: "the newest stay", selection: { tagStatus: "any", countType: "imageCountMoreThan", countNumber: keptTagged }, action: { type: "expire" } },
  ],
});
