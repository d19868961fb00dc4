import { sha256 } from './plan.ts';

/** git converts line endings on checkout (`core.autocrlf`): a text that differs in nothing else is the same text. */

export const withNewlines = (text: string): string => text.replaceAll('\r\n', '\n');

const withWindowsEndings = (text: string): string => withNewlines(text).replaceAll('\n', '\r\n');

/** A text in the line endings of another. */
export function inEndingsOf(model: string, text: string): string {
  return model.includes('\r\n') ? withWindowsEndings(text) : withNewlines(text);
}

export const sameText = (a: string, b: string): boolean =>
  a === b || withNewlines(a) === withNewlines(b);

/** The forms in which a file may have been checked out since its hash was taken; the text itself first. */
export function checkoutForms(text: string): string[] {
  return [...new Set([text, withNewlines(text), withWindowsEndings(text)])];
}

/** Whether a file is what it was when its hash was taken. */
export const isUntouched = (text: string, hash: string): boolean =>
  sha256(text) === hash || checkoutForms(text).some((form) => sha256(form) === hash);
