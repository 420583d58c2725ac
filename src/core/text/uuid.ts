import { z } from 'zod';

export const cursorUuid = z.guid();
