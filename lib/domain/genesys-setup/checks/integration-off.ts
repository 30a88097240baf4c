import { actsAs, lambdaIntegration } from '../integration-changes.ts';
import type { Check } from './check.ts';

export const integrationOff: Check = {
  code: 'INTEGRATION_OFF',
  severity: 'STOPS',
  means: 'no check can be asked: every evaluation fails, and nothing is dialled',
  mend: 'run setup; where it is on and yet not active, see what the integration says of itself',
  find: ({ found, wanted }) => {
    const integration = lambdaIntegration(found, wanted);
    if (integration === undefined) return [`there is no integration ${wanted.prefix}`];
    const { name, intendedState, reportedState } = integration;
    return [
      ...(intendedState === 'ENABLED' ? [] : [`integration ${name} is off`]),
      ...(reportedState?.code === 'ACTIVE' || intendedState !== 'ENABLED'
        ? []
        : [`integration ${name} reports ${reportedState?.code ?? 'nothing'}`]),
      ...(actsAs(found, wanted, integration)
        ? []
        : [`integration ${name} does not act as the role of the plan`]),
    ];
  },
};
