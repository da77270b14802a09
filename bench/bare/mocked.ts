import { record } from "../../plan/record";
import { registerPlan } from "./register";

void record("bare", "bench", registerPlan);
