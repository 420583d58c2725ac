/** The invented vendor whose year the demo shows. */
export const VENDOR = {
  name: 'Fernhollow',
  url: 'https://www.fernhollow.example',
  domain: 'fernhollow.example',
} as const;

/** The pages of its website, with their addresses. The template's rules look for /pricing, /customers and /careers. */
export const PAGES = {
  home: { path: '/', title: 'Fernhollow: one plan for the whole company' },
  product: { path: '/product', title: 'Product' },
  scenarios: { path: '/product/scenarios', title: 'Scenario planning' },
  integrations: { path: '/integrations', title: 'Integrations' },
  pricing: { path: '/pricing', title: 'Pricing' },
  customers: { path: '/customers/thornvale-freight', title: 'Thornvale Freight: month-end in three days' },
  blog: { path: '/blog/rolling-forecasts', title: 'Rolling forecasts without tears' },
  resources: { path: '/resources', title: 'Guides and papers' },
  webinars: { path: '/webinars', title: 'Webinars' },
  docs: { path: '/docs', title: 'Documentation' },
  security: { path: '/security', title: 'Security' },
  about: { path: '/about', title: 'About us' },
  careers: { path: '/careers', title: 'Careers' },
  demo: { path: '/demo', title: 'Talk to us' },
  trial: { path: '/trial', title: 'Start a trial' },
} as const;

export type PageName = keyof typeof PAGES;
