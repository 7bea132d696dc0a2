export { deviceKey, isCheckpointOf, isRequestOf, proveCertificate } from './enrolment/certificates.ts'
export { authenticateDevice, issueDeviceToken } from './enrolment/device-token.ts'
export { enrolOwn } from './enrolment/enrol-own.ts'
export { createEnrolmentCode, hashOfCode, newCode } from './enrolment/enrolment-code.ts'
export { findCertificate, issuedKeys } from './enrolment/issued-keys.ts'
export type { JournalView } from './enrolment/ports.ts'
export { findIssuedEpoch, registerView, retireEpoch } from './enrolment/retire-epoch.ts'
export { deviceVerifierKey } from './enrolment/verifier-key.ts'
export { toldHeadCheck } from './health/told-heads.ts'
export { mirrorPlaces } from './mirror.ts'
export { type Heartbeat, noteHeartbeat } from './note-heartbeat.ts'
export { epochProjector } from './projector.ts'
export { type Author, putCompany } from './put-company.ts'
export { putRegister } from './put-register.ts'
export { putStore } from './put-store.ts'
export { getCompany, placeResolver, tillPlaceOf } from './queries.ts'
export { noteRulebookHeld, rollOutOf } from './roll-out.ts'
export { storesRoutes } from './routes.ts'
export {
  findCompany,
  findStore,
  findStoreByCode,
  type RegisterRecord,
  type StoreRecord,
  selectRegisterKeys,
  selectRegisters,
  selectStoreGstins,
  selectStoreKeys,
  selectStores,
} from './sql.ts'
