import type { EmailAddress } from '../contact-point/email-address.ts';
import type { PhoneNumber } from '../contact-point/phone-number.ts';
import { type Device, readDevice } from './device.ts';
import type { DeviceResponse } from './execution-log.ts';
import type { RawRequest } from './submission.ts';

/** Does to one contact point what the file asks; a rejection is the error of this device alone. */
export type ActOnDevice = (device: PhoneNumber | EmailAddress) => Promise<DeviceResponse>;

const AT_ONCE = 16;
const FAILED: DeviceResponse = {
  outcome: 'ERROR',
  reason: 'not processed for a fault of ours, submit it again',
};

/**
 * Acts on every device of a file, each once however often it is named, and says what became of it at each place where it
 * is named. Addresses of machines are never stored here, so there is nothing to find under one.
 *
 * @returns one response per device, in the order of the requests and of their contacts.
 */
export async function processRequests(
  requests: readonly RawRequest[],
  act: ActOnDevice,
): Promise<readonly (readonly DeviceResponse[])[]> {
  const devices = requests.map(({ contacts }) => contacts.map(readDevice));
  const distinct = new Map(
    devices.flat().flatMap((device) => (isStored(device) ? [[device.canonical, device]] : [])),
  );
  const acted = new Map<string, DeviceResponse>();
  const waiting = [...distinct.values()];
  for (let next = waiting.splice(0, AT_ONCE); next.length > 0; next = waiting.splice(0, AT_ONCE)) {
    await Promise.all(next.map(async (device) => acted.set(device.canonical, await settled(act, device))));
  }
  return devices.map((ofRequest) => ofRequest.map((device) => responseTo(device, acted)));
}

async function settled(act: ActOnDevice, device: PhoneNumber | EmailAddress): Promise<DeviceResponse> {
  try {
    return await act(device);
  } catch {
    return FAILED;
  }
}

function responseTo(
  device: ReturnType<typeof readDevice>,
  acted: ReadonlyMap<string, DeviceResponse>,
): DeviceResponse {
  if (device.kind === 'unreadable') return { outcome: 'ERROR', reason: device.reason };
  return device.kind === 'ip' ? { outcome: 'NOT_FOUND' } : (acted.get(device.canonical) ?? FAILED);
}

function isStored(device: ReturnType<typeof readDevice>): device is Exclude<Device, { kind: 'ip' }> {
  return device.kind === 'phone' || device.kind === 'email';
}
