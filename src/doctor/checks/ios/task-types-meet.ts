import type { Check, Evidence, Finding } from '../../check.ts';
import { backgroundTasksOf } from '../../code/background-tasks.ts';
import type { Request, RequestKind } from '../../code/background-tasks.ts';
import type { Range } from '../../code/brackets.ts';
import { FunctionIndex } from '../../code/function-index.ts';
import { launchHandlersOf, placeOf } from '../../code/launch-handlers.ts';
import type { SourceFile } from '../../source-files.ts';

const KINDS: Readonly<Record<string, RequestKind>> = {
  BGProcessingTask: 'processing',
  BGHealthResearchTask: 'processing',
  BGAppRefreshTask: 'refresh',
  BGContinuedProcessingTask: 'continued',
};

const CAST =
  /\b(as|is)(?:\s*([!?]))?\s*(BG(?:Processing|AppRefresh|HealthResearch|ContinuedProcessing)Task)\b|\(\s*(BG(?:Processing|AppRefresh|HealthResearch|ContinuedProcessing)Task)\s*\*\s*\)/g;

export const taskTypesMeet: Check = {
  id: 'I36',
  title: 'A launch handler takes the type of task that is requested',
  severity: 'error',
  why: 'iOS hands over a BGProcessingTask for a BGProcessingTaskRequest and a BGAppRefreshTask for a BGAppRefreshTaskRequest. A cast to another type ends the app in the background, or returns without completing the task.',
  source: 'https://developer.apple.com/documentation/backgroundtasks/bgtaskrequest',
  fix: 'Use one type on both sides: the request that is submitted and the type that the handler casts to.',
  explain: [
    'register says nothing of a type: what the handler gets is decided by the request that was submitted under the id. `task as! BGAppRefreshTask` traps when the request was a BGProcessingTaskRequest; with `as?` the handler leaves early, and nobody completes the task.',
    'It happens where a refresh task becomes a processing task, for more time, on one side alone. The background mode changes with it: `fetch` for a refresh task, `processing` for the other.',
    '    BGTaskScheduler.shared.register(forTaskWithIdentifier: id, using: nil) { task in\n      self.handle(task as! BGProcessingTask)\n    }\n    try BGTaskScheduler.shared.submit(BGProcessingTaskRequest(identifier: id))',
  ].join('\n\n'),
  async run(repo) {
    const { requests } = await backgroundTasksOf(repo);
    if (requests.length === 0) return [];
    const findings: Finding[] = [];
    let functions: FunctionIndex | undefined;
    for (const { registration, handler } of await launchHandlersOf(repo)) {
      const { ids } = registration;
      const own = requests.filter((request) => request.ids.some((id) => ids.includes(id)));
      const [request] = own;
      if (request === undefined || own.some(({ kind }) => kind !== request.kind)) continue;
      if (registration.isSwiftUi) {
        if (request.kind === 'refresh') continue;
        const message = `.appRefresh(…) takes a BGAppRefreshTask, and ${ids.join(', ')} is submitted as a ${request.className}`;
        findings.push({ ...placeOf(registration), message, evidence: [asked(request)] });
        continue;
      }
      functions ??= await FunctionIndex.of(repo);
      const code = handler.file.code.slice(handler.start, handler.end);
      const places = [
        handler,
        ...functions.reachable(code).map(({ file, body }) => ({ file, ...body })),
      ];
      const casts = places.flatMap(castsIn);
      const [cast] = casts;
      if (cast === undefined || casts.some(({ kind }) => kind === request.kind)) continue;
      const message = `the handler of ${ids.join(', ')} takes a ${cast.type}, and a ${request.className} is submitted`;
      findings.push({ ...placeOf(cast), message, evidence: [asked(request)] });
    }
    return findings;
  },
};

const asked = (request: Request): Evidence => ({
  ...placeOf(request),
  says: `asks for it with a ${request.className}`,
});

interface Cast {
  readonly file: SourceFile;
  readonly offset: number;
  readonly type: string;
  readonly kind: RequestKind | undefined;
}

function castsIn({ file, start, end }: Range & { readonly file: SourceFile }): Cast[] {
  return [...file.code.slice(start, end).matchAll(CAST)].map((match) => {
    const type = match[3] ?? match[4] ?? '';
    return { file, offset: start + match.index, type, kind: KINDS[type] };
  });
}
