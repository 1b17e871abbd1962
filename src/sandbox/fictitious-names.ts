/** Names of people who do not exist, for seeded companies. ASCII, as the API requires. */
export const firstNames: readonly string[] = (
  'Ada Amir Anya Arlo Beatriz Bodil Brigid Caspian Cato Celeste Cormac Dagny Darius Delphine Dimitri Elara ' +
  'Eamon Esme Farah Felix Fenna Gideon Greta Halima Hugo Ines Ivo Jarek Joelle Kaito Katya Kofi Lars Leila ' +
  'Linnea Lorcan Mabel Magnus Mei Mirela Nadia Nikolai Noor Odette Olamide Orla Pascal Petra Priya Quentin ' +
  'Rafael Renske Rosalind Saskia Selim Sigrid Soren Tamsin Tariq Thea Tobias Uma Valentin Vesna Wanda Xenia ' +
  'Yara Yusuf Zelda Zoltan'
).split(' ');

export const lastNames: readonly string[] = (
  'Abernant Ashgrove Birchwold Blackmere Brindle Brookhollow Calloway Cinderford Cloverdell Copperfield ' +
  'Dunmarrow Eastbrook Elderwick Evenshade Fallowmere Fernsby Foxglen Garrowby Glasswater Goldenholt ' +
  'Greywick Halloway Harrowgate Hazelden Heatherby Holloway Inglewick Ironbridge Juniper Kestrel Kingsmoor ' +
  'Larkspur Lindenhall Lockhart Marlowe Merriden Millrace Moorcroft Nettlefield Nightingale Northgate ' +
  'Oakenshaw Orchard Overbrook Pebblewick Pemberly Quillon Ravensworth Redfern Ridgeway Rosebank Rushmere ' +
  'Saltmarsh Silverdale Skylark Snowdrift Stonebridge Summerfield Tanglewood Thistledown Thornbury Underhill ' +
  'Vanebrook Wainscott Waverly Westerby Whitlock Wildmoor Willowby Winterbourne Wrenfield Yarrow'
).split(' ');

export const departments: readonly string[] = [
  'Sales',
  'Support',
  'Finance',
  'Operations',
  'Marketing',
  'Engineering',
  'Legal',
  'Facilities',
];

export const cities: readonly { readonly city: string; readonly state: string; readonly timezone: string }[] =
  [
    { city: 'San Jose', state: 'CA', timezone: 'America/Los_Angeles' },
    { city: 'Denver', state: 'CO', timezone: 'America/Denver' },
    { city: 'Chicago', state: 'IL', timezone: 'America/Chicago' },
    { city: 'New York', state: 'NY', timezone: 'America/New_York' },
  ];
