/** What can be made or changed in an organisation. */
export type Resource =
  | 'credentials'
  | 'integrations'
  | 'integrationConfigs'
  | 'dataActions'
  | 'dncLists'
  | 'ruleSets'
  | 'digitalRuleSets'
  | 'campaigns'
  | 'messagingCampaigns'
  | 'wrapUpCodeMapping';

/** How a change is made. What is replaced goes with the version that was read, so that nobody's change is lost. */
export type ChangeCall =
  | { readonly verb: 'CREATE'; readonly of: Resource; readonly body: object }
  | { readonly verb: 'REPLACE' | 'ALTER'; readonly of: Resource; readonly id: string; readonly body: object };

export type Change = {
  /** In one line, for people. */
  readonly says: string;
  /** Absent while it waits for another change. */
  readonly call?: ChangeCall;
};
