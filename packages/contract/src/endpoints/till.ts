import {
  EnrolAnswer,
  EnrolRequest,
  HeartbeatAnswer,
  HeartbeatRequest,
  HelloAnswer,
  HelloRequest,
  PushAnswer,
  PushRequest,
} from '@nexus/sync'
import { type Static, Type } from 'typebox'
import { Instant, Nullable } from '../common.ts'
import { endpoint } from '../endpoint.ts'
import { TillPlace } from './stores.ts'

/** Goes out as `Authorization: Bearer …` with every request of a till; a new one comes with each hello. */
export const DeviceToken = Type.Object({ token: Type.String(), expiresAt: Instant })
export type DeviceToken = Static<typeof DeviceToken>

/** 32 bytes, base64url: the till keeps it non-extractable and checks PINs of the roster with it. */
const VerifierKey = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })

export const EnrolTillAnswer = Type.Object({
  ...EnrolAnswer.properties,
  token: DeviceToken,
  verifierKey: VerifierKey,
  place: TillPlace,
})
export type EnrolTillAnswer = Static<typeof EnrolTillAnswer>
export const enrolTill = endpoint({
  method: 'POST',
  path: '/v1/enrolments',
  tag: 'journal',
  allow: 'anyone',
  summary:
    'Enrol a device as a register by a one-time code, or take a new epoch by the key of the current one. A re-send with the same proof and key answers the same enrolment.',
  body: EnrolRequest,
  answer: EnrolTillAnswer,
})

export const HelloTillAnswer = Type.Object({
  ...HelloAnswer.properties,
  token: DeviceToken,
  /** A new key of the roster's verifiers, where the server lost the old one with its data; else null. */
  verifierKey: Nullable(VerifierKey),
})
export type HelloTillAnswer = Static<typeof HelloTillAnswer>
export const helloTill = endpoint({
  method: 'POST',
  path: '/v1/till/hello',
  tag: 'journal',
  allow: 'anyone',
  summary: 'Tell where a till stands, proved by its key; the answer says where the server stands.',
  body: HelloRequest,
  answer: HelloTillAnswer,
})
export const pushTill = endpoint({
  method: 'POST',
  path: '/v1/till/push',
  tag: 'journal',
  allow: 'device',
  summary: 'Send entries in order; the answer says how far the journal is stored.',
  body: PushRequest,
  answer: PushAnswer,
})
export const heartbeatTill = endpoint({
  method: 'POST',
  path: '/v1/till/heartbeat',
  tag: 'journal',
  allow: 'device',
  summary: 'Tell the head and what waits on the till, every 30 seconds.',
  body: HeartbeatRequest,
  answer: HeartbeatAnswer,
})
