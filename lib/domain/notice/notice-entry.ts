import { sha256Hex } from '../canonical-json.ts';
import type { NoticeEntry } from '../log/notice-entry.ts';
import type { Route } from './notice.ts';
import type { NoticeText } from './ports.ts';

export type AcceptedBatch = {
  readonly text: Pick<NoticeText, 'channel' | 'incidentId' | 'language' | 'templateVersion'>;
  readonly templateName: string;
  readonly via: Route;
  readonly batch: string;
  readonly contactListId?: string | undefined;
  readonly recipients: readonly { readonly recipientId: string; readonly token: string }[];
};

/**
 * The entry of a batch that a dialler has taken. Found again after a crash it has the same id for the same recipients; it
 * can name some of them twice, and misses none.
 */
export function noticeEntry(
  { text, templateName, via, batch, contactListId, recipients }: AcceptedBatch,
  now: number,
): NoticeEntry {
  const { incidentId, channel, language, templateVersion } = text;
  const recipientsSha256 = sha256Hex(
    recipients
      .map(({ recipientId }) => recipientId)
      .toSorted()
      .join('\n'),
  );
  return {
    kind: 'notice',
    id: idOf(`${incidentId} ${channel} ${batch} ${recipientsSha256}`),
    at: new Date(now).toISOString(),
    subjects: recipients.map(({ token }) => token),
    incidentId,
    channel,
    via,
    batch,
    template: { name: templateName, language, version: templateVersion },
    recipients: recipients.length,
    recipientsSha256,
    // A notice of a breach is no marketing: each recipient was asked about one by one instead.
    dncListsApplied: false,
    ...(contactListId === undefined ? {} : { contactListId }),
  };
}

/** A UUID of what a batch is (RFC 9562, version 8): its time is in `at`. */
function idOf(name: string): string {
  const hex = sha256Hex(name);
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
