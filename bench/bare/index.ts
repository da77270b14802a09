import { registerPlan } from "./register";

registerPlan();
