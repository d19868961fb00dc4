import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { change, lines } from './files.ts';

/** Changes to the Xcode project of a template, as people and tools make them. */

export const PROJECT = 'ios/HelloWorld.xcodeproj/project.pbxproj';

export const APPLICATION = 'com.apple.product-type.application';

export interface NewTarget {
  /** Part of its made-up ids. */
  readonly id: string;
  readonly name: string;
  readonly type?: string;
  /** Of both configurations; values as they are written, quotes included. */
  readonly settings: Readonly<Record<string, string>>;
}

const section = (name: string): string => `/* End ${name} section */`;

/** Adds a native target with the configurations Debug and Release. */
export function addTarget(
  root: string,
  { id, name, type = APPLICATION, settings }: NewTarget,
  project = PROJECT,
): void {
  const quoted = JSON.stringify(name);
  const body = Object.entries(settings).map(([key, value]) => `\t\t\t\t${key} = ${value};`);
  const configurations = ['Debug', 'Release'].map((configuration) =>
    lines(
      `\t\t${id}_${configuration} /* ${configuration} */ = {`,
      '\t\t\tisa = XCBuildConfiguration;',
      '\t\t\tbuildSettings = {',
      ...body,
      '\t\t\t};',
      `\t\t\tname = ${configuration};`,
      '\t\t};',
    ),
  );
  const target = lines(
    `\t\t${id}_TARGET = {`,
    '\t\t\tisa = PBXNativeTarget;',
    `\t\t\tbuildConfigurationList = ${id}_LIST;`,
    '\t\t\tbuildPhases = (',
    '\t\t\t);',
    `\t\t\tname = ${quoted};`,
    `\t\t\tproductType = "${type}";`,
    '\t\t};',
  );
  const list = lines(
    `\t\t${id}_LIST = {`,
    '\t\t\tisa = XCConfigurationList;',
    '\t\t\tbuildConfigurations = (',
    `\t\t\t\t${id}_Debug /* Debug */,`,
    `\t\t\t\t${id}_Release /* Release */,`,
    '\t\t\t);',
    '\t\t\tdefaultConfigurationName = Release;',
    '\t\t};',
  );
  change(root, project, (text) =>
    text
      .replace(section('PBXNativeTarget'), (end) => target + end)
      .replace(section('XCBuildConfiguration'), (end) => configurations.join('') + end)
      .replace(section('XCConfigurationList'), (end) => list + end)
      .replace(
        /\t\t\ttargets = \(\n/,
        (start) => `${start}\t\t\t\t${id}_TARGET /* ${name.replaceAll('*/', '')} */,\n`,
      ),
  );
}

/** Sets what the template's own target has, in both configurations; '' takes it out. */
export function setOwn(root: string, key: string, value: string, project = PROJECT): void {
  change(root, project, (text) => {
    const line = new RegExp(`\\n\\t\\t\\t\\t${key} = .*;`, 'g');
    const without = text.replace(line, '');
    if (value === '') return without;
    return without.replace(
      /\n\t\t\t\tPRODUCT_BUNDLE_IDENTIFIER = .*;/g,
      (found) => `\n\t\t\t\t${key} = ${value};${found}`,
    );
  });
}

/** The template's Info.plist, which is what a second target starts from. */
export const templatePlist = (root: string): string =>
  readFileSync(join(root, 'ios/HelloWorld/Info.plist'), 'utf8');

/** A property list as plutil writes it in its binary form; what it says is {@link XML_PLIST}. */
export function writeBinaryPlist(root: string, path: string): void {
  const base64 =
    'YnBsaXN0MDDTAQIDBAUGXxASQ0ZCdW5kbGVJZGVudGlmaWVyXENGQnVuZGxlTmFtZV8QEkxTUmVxdWlyZXNJUGhvbmVPU18QHCQoUFJPRFVDVF9CVU5ETEVfSURFTlRJRklFUilkAEMAYQBmAOkJCA8kMUZlbgAAAAAAAAEBAAAAAAAAAAcAAAAAAAAAAAAAAAAAAABv';
  writeFileSync(join(root, path), Buffer.from(base64, 'base64'));
}

export const XML_PLIST = lines(
  '<?xml version="1.0" encoding="UTF-8"?>',
  '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
  '<plist version="1.0">',
  '<dict>',
  '\t<key>CFBundleIdentifier</key>',
  '\t<string>$(PRODUCT_BUNDLE_IDENTIFIER)</string>',
  '\t<key>CFBundleName</key>',
  '\t<string>Café</string>',
  '\t<key>LSRequiresIPhoneOS</key>',
  '\t<true/>',
  '</dict>',
  '</plist>',
);
