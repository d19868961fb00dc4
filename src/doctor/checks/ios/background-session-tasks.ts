import { backgroundSessionsOf, refusedTasks } from '../../code/background-sessions.ts';
import { waysTo } from '../../code/apple-reach.ts';
import type { Check, Finding } from '../../check.ts';

export const backgroundSessionTasks: Check = {
  id: 'I40',
  title: 'Tasks of a background URLSession have a delegate and a file, not a closure and a Data',
  severity: 'error',
  why: 'A background session goes on while the app is not running, when no closure and no memory is left. It raises NSGenericException for a completion handler, for the async methods, which are made of one, and for an upload from Data.',
  source:
    'https://developer.apple.com/documentation/foundation/downloading-files-in-the-background',
  fix: 'Make the task without a completion handler, upload from a file, and take the results in the session’s delegate.',
  explain: [
    '“Completion handler blocks are not supported in background sessions. Use a delegate instead.” and “Upload tasks from NSData are not supported in background sessions.” end the app where the task is made. It is met when a session that worked in the foreground gets a configuration of URLSessionConfiguration.background.',
    '    // wrong\n    session.uploadTask(with: request, from: data) { _, _, error in … }.resume()\n    let (data, _) = try await session.data(for: request)\n\n    // right\n    try body.write(to: file)\n    session.uploadTask(with: request, fromFile: file).resume()\n    func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: Error?) { … }',
    'The async methods end so as well: https://github.com/huggingface/swift-transformers/issues/341. Sessions are followed within the file that makes them.',
  ].join('\n\n'),
  async run(repo) {
    const findings = new Map<string, Finding>();
    for (const session of await backgroundSessionsOf(repo)) {
      const evidence = [
        {
          file: session.file.path,
          line: session.file.line(session.offset),
          says: 'the session is one of the background',
        },
      ];
      for (const { file, offset, what, name } of refusedTasks(session)) {
        const ways = await waysTo(repo, file, offset);
        if (ways.every(({ isDebug }) => isDebug)) continue;
        const message =
          what === 'data'
            ? `${name} uploads from memory, which a background session refuses with an exception`
            : `${name} ${name.startsWith('await') ? 'is made of' : 'has'} a completion handler, which a background session refuses with an exception`;
        const place = { file: file.path, line: file.line(offset) };
        if (!findings.has(`${place.file} ${place.line}`)) {
          findings.set(`${place.file} ${place.line}`, { ...place, message, evidence });
        }
      }
    }
    return [...findings.values()];
  },
};
