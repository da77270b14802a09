import { main } from "@pulumi/pulumi/provider";

import { Ledger } from "./ledger";
import { CloudDouble } from "./provider";

/** `main.js VERSION ENGINE`: starts the double of a plugin; its cloud lies in the folder of SOMASTACK_DOUBLE. */
const [version = "", ...further] = process.argv.slice(2);
const folder = process.env["SOMASTACK_DOUBLE"];
if (folder === undefined) throw new Error("SOMASTACK_DOUBLE names no folder: this is a double for tests");
void main(new CloudDouble(version, new Ledger(folder)), further);
