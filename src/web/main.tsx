// In a layer of its own: what Baton says of its pages stands above it, whichever file the browser reads first.
import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import './style.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router';
import { makeRouter } from './app.tsx';
import { makeQueryClient } from './client/query.ts';
import { cssVariables, theme } from './kit/theme.ts';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element with id root');

createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <QueryClientProvider client={makeQueryClient()}>
        <RouterProvider router={makeRouter()} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
