import type { Definition } from '../../core/report/answer.ts';
import { reportCsv } from '../../core/report/file.ts';
import type { Frame } from '../../core/report/frame.ts';
import { formatInstant } from '../../core/time/instant.ts';
import type { App } from '../../loop/app.ts';
import { loadMarks } from '../../loop/report/mark.ts';

/** What every report answers beside its rows and their total. */
export async function headOf(app: App, report: string, frame: Frame, definitions: readonly Definition[]) {
  const { range, at, zone, by } = frame;
  return {
    report,
    from: formatInstant(range.from),
    to: formatInstant(range.to),
    at: formatInstant(at),
    timezone: zone,
    by,
    definitions: [...definitions],
    marks: [...(await loadMarks(app.db, frame))],
  };
}

/** The rows of a report as a file for spreadsheets, which is named after it. */
export function fileOf(report: Parameters<typeof reportCsv>[0] & { readonly report: string }) {
  return { name: `${report.report}-by-${report.by}.csv`, text: reportCsv(report) };
}
