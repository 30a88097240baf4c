import type { Column, Value, View } from './view.ts';

type As = NonNullable<Value['as']>;

const column =
  (of: Value['of']) =>
  (name: string, path: string, says: string, as: As = 'text'): Column => ({
    name,
    from: { of, path, as },
    says,
  });
const entry = column('entry');
const item = column('item');
const inner = column('inner');

const WHICH: readonly Column[] = [
  entry('entry_index', '$.index', 'place in the log, from 0', 'integer'),
  entry('made_at', '$.at', 'when the entry was made', 'iso'),
];
const CONTACT: readonly Column[] = [
  entry('channel', '$.contact.channel', 'VOICE, SMS, EMAIL'),
  entry('purpose', '$.contact.purpose', 'MARKETING, SERVICE, COLLECTION, BREACH_NOTICE'),
  entry('seller', '$.contact.seller', 'on whose behalf'),
  entry('campaign_id', '$.contact.campaignId', 'the campaign'),
];
const POLICY: readonly Column[] = [
  entry('policy_name', '$.policy.name', 'version of the policy'),
  entry('policy_hash', '$.policy.hash', 'SHA-256 of the policy'),
];
const DECISION: readonly Column[] = [
  ...WHICH,
  entry('decision_id', '$.decisionId', 'the id that the caller was given'),
  entry('effect', '$.effect', 'ALLOW or BLOCK'),
  ...CONTACT,
];

/** What can be asked of the log. Both engines' views, and their documents, are made of this. */
export const VIEWS: readonly View[] = [
  {
    name: 'entries',
    says: 'every entry, of whatever kind',
    columns: [
      ...WHICH,
      entry('id', '$.id', 'id of the entry'),
      entry('kind', '$.kind', 'decision, fact, parked, scrub, registry ...'),
      entry('client', '$.client', 'the OAuth client, or the role, that asked'),
    ],
  },
  {
    name: 'subjects',
    says: 'one row for each number or address that an entry is about',
    each: { path: '$.subjects', is: 'array' },
    columns: [
      ...WHICH,
      entry('kind', '$.kind', 'kind of the entry'),
      item('token', '$', 'the number or the address'),
    ],
  },
  {
    name: 'decisions',
    says: 'one row for each decision',
    kind: 'decision',
    columns: [
      ...DECISION,
      entry('reason', '$.reasons[0].code', 'the dominant reason; none where allowed'),
      entry('rule_id', '$.reasons[0].ruleId', 'the rule that gave it; empty where the system itself did'),
      entry('next_allowed_at', '$.nextAllowedAt', 'where time was the one obstacle', 'iso'),
      entry('client', '$.client', 'the OAuth client, or the role, that asked'),
      entry('audience', '$.contact.audience', 'CONSUMER, BUSINESS'),
      entry('technology', '$.contact.technology', 'LIVE, AUTOMATED, PRERECORDED'),
      entry('region', '$.contact.state', 'state of the called party, where the caller gave it'),
      entry('contact_list_id', '$.contact.contactListId', 'the contact list'),
      entry('contact_id', '$.contact.contactId', 'the contact in it'),
      entry('conversation_id', '$.contact.conversationId', 'the conversation'),
      ...POLICY,
      entry('legal_alert', '$.legalAlert', 'SENT or FAILED, for an attempt against a hold'),
    ],
  },
  {
    name: 'decision_reasons',
    says: 'one row for each reason of each decision to block',
    kind: 'decision',
    each: { path: '$.reasons', is: 'array' },
    columns: [
      ...DECISION,
      { name: 'place', from: { positionOf: 'item' }, says: '1 for the dominant reason' },
      item('reason', '$.code', 'code of the reason'),
      item('rule_id', '$.ruleId', 'the rule; empty where the system itself blocked'),
    ],
  },
  {
    name: 'decision_subjects',
    says: 'one row for each number or address of each decision, with what was known of it',
    kind: 'decision',
    each: { path: '$.facts', is: 'array' },
    columns: [
      ...DECISION,
      item('token', '$.token', 'the number or the address'),
      item('country', '$.country', 'its country'),
      item('area_code', '$.areaCode', 'its area code'),
      item('region', '$.regions[0]', 'the first of the regions that it can be in'),
      item('subject_effect', '$.effect', 'what was decided about it alone'),
      item('subject_reason', '$.reasons[0].code', 'the dominant reason about it alone'),
    ],
  },
  {
    name: 'decision_registries',
    says: 'one row for each registry that was asked about each number of each decision',
    kind: 'decision',
    each: { path: '$.facts', is: 'array' },
    inner: '$.registries',
    columns: [
      ...DECISION,
      item('token', '$.token', 'the number'),
      inner('registry', '$.registry', 'the registry'),
      inner('listed', '$.listed', 'whether the number was on it', 'boolean'),
      inner('version_at', '$.versionAt', 'date of the version that was asked', 'epochMs'),
    ],
  },
  {
    name: 'decision_local_times',
    says: 'one row for each time zone that each number of each decision can be in',
    kind: 'decision',
    each: { path: '$.facts', is: 'array' },
    inner: '$.timeZones',
    columns: [
      ...DECISION,
      item('token', '$.token', 'the number'),
      inner('time_zone', '$', 'the time zone'),
      {
        name: 'local_time',
        from: { localTimeIn: { of: 'inner', path: '$' } },
        says: 'what a clock there showed',
      },
    ],
  },
  {
    name: 'facts_recorded',
    says: 'one row for each opt-out, consent, hold, review, conversation, relationship or answer on reassignment',
    kind: 'fact',
    columns: [
      ...WHICH,
      entry('token', '$.subjects[0]', 'the number or the address'),
      entry('client', '$.client', 'the OAuth client, or the role, that recorded it'),
      entry('fact', '$.fact.kind', 'suppression, consent, hold, review ...'),
      entry('channel', '$.fact.channel', 'VOICE, SMS, EMAIL, ALL'),
      entry('purpose', '$.fact.purpose', 'of a consent; ALL for every one'),
      entry('seller', '$.fact.seller', '* for every seller'),
      entry('reason', '$.fact.reason', 'of a suppression'),
      entry('status', '$.fact.status', 'of a consent'),
      entry('event', '$.fact.event', 'TRANSACTION, INQUIRY'),
      entry('answer', '$.fact.answer', 'of the Reassigned Numbers Database'),
      entry('source', '$.fact.source', 'where it came from'),
      entry('recorded_by', '$.fact.by', 'who recorded it, or gave the word'),
      entry('event_id', '$.fact.eventId', "the caller's id of the event"),
      entry('effective_at', '$.fact.effectiveAt', 'when the person said so', 'epochMs'),
      entry('received_at', '$.fact.receivedAt', 'when it reached Dialguard', 'epochMs'),
      entry('expires_at', '$.fact.expiresAt', 'when it ends by itself', 'epochMs'),
      entry('proof_text', '$.fact.proof.textVersion', 'version of the text that was agreed to'),
      entry('hold_action', '$.fact.action', 'PLACED, RELEASED'),
      entry('case_id', '$.fact.caseId', 'the case of a hold'),
      entry('review_id', '$.fact.reviewId', 'the review of a message in doubt'),
      entry('outcome', '$.fact.outcome', 'how a review ended: OPT_OUT, NOT_OPT_OUT'),
      entry('done_at', '$.fact.at', 'when a hold was placed or released, or a review ended', 'epochMs'),
    ],
  },
  {
    name: 'parked_opt_outs',
    says: 'one row for each opt-out event that could not be read whole',
    kind: 'parked',
    columns: [
      ...WHICH,
      entry('event_id', '$.eventId', "the caller's id of the event"),
      entry('cause', '$.cause', 'why it could not be read'),
      entry('suppressed', '$.suppressed', 'numbers that were suppressed none the less', 'integer'),
    ],
  },
  {
    name: 'scrubs',
    says: 'one row for each contact list that was scrubbed or refused',
    kind: 'scrub',
    columns: [
      ...WHICH,
      entry('job_id', '$.jobId', 'the job'),
      entry('profile', '$.profile', 'the profile'),
      ...CONTACT,
      entry('outcome', '$.outcome', 'SCRUBBED, REJECTED'),
      entry('cause', '$.cause', 'why it was rejected whole'),
      // Not `rows`, which SQL has another use for.
      entry('row_count', '$.counts.rows', 'rows that came', 'integer'),
      entry('approved', '$.counts.approved', 'rows that may be contacted', 'integer'),
      entry('rejected', '$.counts.rejected', 'rows that must not', 'integer'),
      entry('quarantined', '$.counts.quarantined', 'rows that could not be read', 'integer'),
      entry('other_region', '$.counts.otherRegion', 'rows that another region decides', 'integer'),
      ...POLICY,
      entry('watermark', '$.watermark', 'the moment that was decided for', 'iso'),
      entry('input_sha256', '$.inputSha256', 'SHA-256 of the list'),
      entry('evidence_key', '$.evidence.key', 'where the rows are proved'),
    ],
  },
  {
    name: 'scrub_counts',
    says: 'one row for each count of each scrubbed list, such as REJECTED.SUPPRESSED',
    kind: 'scrub',
    each: { path: '$.counts', is: 'map' },
    columns: [
      ...WHICH,
      entry('job_id', '$.jobId', 'the job'),
      { name: 'count_name', from: { map: 'key' }, says: 'what was counted' },
      { name: 'row_count', from: { map: 'value' }, says: 'rows' },
    ],
  },
  {
    name: 'registry_versions',
    says: 'one row for each version of a registry that was put into use',
    kind: 'registry',
    columns: [
      ...WHICH,
      entry('registry', '$.registry', 'the registry'),
      entry('version_at', '$.versionAt', 'date of the version', 'epochMs'),
      entry('accessed_at', '$.accessedAt', 'when it was fetched from the registry', 'epochMs'),
      entry('subscription_id', '$.subscriptionId', 'the subscription account'),
      entry('numbers', '$.numbers', 'numbers on it', 'integer'),
      entry('snapshot_sha256', '$.snapshotSha256', 'SHA-256 of the snapshot'),
    ],
  },
  {
    name: 'erasures',
    says: 'one row for each number or address that was erased: what went, and what stays',
    kind: 'erasure',
    columns: [
      ...WHICH,
      entry('token', '$.subjects[0]', 'the number or the address'),
      entry('reason', '$.reason', 'why'),
      entry('erased_by', '$.by', 'who asked for it'),
      entry('case_id', '$.caseId', 'the request that it answers'),
      entry('erased_at', '$.erasedAt', 'from when on nothing older is taken', 'epochMs'),
      entry('data_key_destroyed', '$.destroyed.dataKey', 'whether there was a data key', 'boolean'),
      entry('suppressions_destroyed', '$.destroyed.suppressions', 'opt-outs that went', 'integer'),
      entry('consents_destroyed', '$.destroyed.consents', 'consents that went', 'integer'),
      entry('attempts_destroyed', '$.destroyed.attempts', 'attempts that went', 'integer'),
      entry('suppressions_kept', '$.kept.suppressions', 'opt-outs that stay', 'integer'),
    ],
  },
];
