import type { Action } from "./action.ts";
import {
  alertAcknowledge,
  alertRelease,
  channelPut,
  channelRemove,
  channelDigest,
  channelTest,
} from "./actions/alerts.ts";
import { silenceEnd, silenceExtend, silencePreview, silencePut } from "./actions/silences.ts";
import { ruleCompare, ruleImport, rulePreview, rulePut, ruleRemove, ruleSwitch } from "./actions/rules.ts";
import { escalationPut, escalationRemove } from "./actions/escalations.ts";
import {
  maintenanceEnd,
  maintenancePreview,
  maintenancePut,
  maintenanceRemove,
} from "./actions/maintenance.ts";
import { auditVerify } from "./actions/audit-verify.ts";
import { clusterAdd } from "./actions/cluster-add.ts";
import { clusterEnrol } from "./actions/cluster-enrol.ts";
import { clusterRemove } from "./actions/cluster-remove.ts";
import { clusterRotate } from "./actions/cluster-rotate.ts";
import { clusterRename } from "./actions/cluster-rename.ts";
import { demoStart, demoStop } from "./actions/demo.ts";
import { password } from "./actions/password.ts";
import { everybodySignOut, sessionEnd, userSessionEnd, userSignOut } from "./actions/session-end.ts";
import { tokenCreate } from "./actions/token-create.ts";
import { tokenRevoke } from "./actions/token-revoke.ts";
import { invite, inviteRevoke } from "./actions/invitations.ts";
import { totpBegin, totpCodes, totpConfirm, totpOff, totpReset } from "./actions/second-factor.ts";
import { clusterMove, tenantAdd, tenantRemove, tenantRename } from "./actions/tenants.ts";
import { userAdd, userGrant, userGrantRemove, userPassword, userRemove, userRole } from "./actions/users.ts";

/** Every form within the frame. */
export const actions: readonly Action[] = [
  auditVerify,
  clusterAdd,
  clusterEnrol,
  clusterRename,
  clusterRemove,
  clusterRotate,
  demoStart,
  demoStop,
  password,
  sessionEnd,
  tokenCreate,
  tokenRevoke,
  userAdd,
  userGrant,
  userRole,
  userGrantRemove,
  userPassword,
  userRemove,
  userSignOut,
  userSessionEnd,
  everybodySignOut,
  totpBegin,
  totpConfirm,
  totpCodes,
  totpOff,
  totpReset,
  invite,
  inviteRevoke,
  tenantAdd,
  tenantRename,
  tenantRemove,
  clusterMove,
  alertAcknowledge,
  alertRelease,
  silencePut,
  silencePreview,
  silenceExtend,
  silenceEnd,
  maintenancePut,
  maintenancePreview,
  maintenanceEnd,
  maintenanceRemove,
  ruleCompare,
  ruleImport,
  rulePreview,
  escalationPut,
  escalationRemove,
  rulePut,
  ruleSwitch,
  ruleRemove,
  channelPut,
  channelRemove,
  channelDigest,
  channelTest,
];
