/** How a played server behaves. In a file of its own: the command line names them before anything of it is loaded. */
export const SERVER_MODES = ['steady', 'flaky', 'offline', 'slow', 'conflicts'] as const;

export type ServerMode = (typeof SERVER_MODES)[number];
