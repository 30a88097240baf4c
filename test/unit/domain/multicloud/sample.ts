/** The two requests of Genesys' page on Multicloud CX support for GDPR, the second with a device written wrongly. */
export const SAMPLE = {
  requests: [
    {
      requestcase: '97456596893834',
      shortcodes: ['11111', '22222'],
      accountid: '30003748347',
      type: 'FORGET',
      contacts: [
        { phone: '+1 781 555 1212' },
        { phone: '+1 617 555 1212' },
        { email: 'test@test.com' },
        { email: 'genesys@genesys.com' },
        { ipaddr: '10.10.10.10' },
        { ipaddr: '11.11.11.11' },
      ],
    },
    {
      requestcase: '6457657657',
      shortcodes: ['11111', '22222'],
      accountid: '30003748347',
      type: 'FORGET',
      contacts: [
        { phone: '+1 781 555 1313' },
        { phone: '617 555 1313' },
        { email: 'test2@test.com' },
        { email: 'genesys2@genesys.com' },
        { ipaddr: '10.10.10.11' },
        { ipaddr: '11.11.11.12' },
      ],
    },
  ],
};
