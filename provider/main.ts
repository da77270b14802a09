import { main } from "@pulumi/pulumi/provider";

import { SomaStackProvider } from "./provider";

void main(new SomaStackProvider(), process.argv.slice(2));
