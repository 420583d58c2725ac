import { type Network, networkFinder } from '../../core/intake/network.ts';

/**
 * The networks from which mail is looked through, as their owners publish them in DNS (SPF) or their guides. Whole clouds are left out on purpose: companies send their people's browsers through them.
 */
const MAIL_NETWORKS: readonly Network[] = [
  // Barracuda Email Gateway Defense: the ranges of its guide; 64.235.144.0/20 is registered to it at ARIN.
  { owner: 'Barracuda', blocks: ['64.235.144.0/20', '209.222.80.0/21'] },
  // The address ranges of Proofpoint Essentials.
  { owner: 'Proofpoint', blocks: ['67.231.144.0/20', '148.163.128.0/19'] },
  // _netblocks.mimecast.com
  {
    owner: 'Mimecast',
    blocks: ['91.220.42.0/24', '195.130.217.0/24', '205.139.110.0/24', '207.211.30.0/24'],
  },
  // spf.protection.outlook.com: Exchange Online Protection and Defender for Office 365
  { owner: 'Microsoft', blocks: ['40.92.0.0/15', '40.107.0.0/16', '52.100.0.0/14', '104.47.0.0/17'] },
  // spf.messagelabs.com: Symantec Email Security.cloud
  {
    owner: 'Symantec',
    blocks: [
      ...['46.226.48.0/21', '67.219.240.0/20', '85.158.136.0/21', '95.131.104.0/21', '103.9.96.0/22'],
      ...['117.120.16.0/21', '193.109.254.0/23', '194.106.220.0/23', '195.245.230.0/23', '216.82.240.0/20'],
    ],
  },
];

/** Finds whose mail gateway has an address; null for any other address. */
export const mailGatewayOf = networkFinder(MAIL_NETWORKS);
