import { BASES } from '../../../helpers/doctor-bases.ts';
import { describeCheck } from '../../../helpers/doctor-case.ts';
import { integrated } from './ios-files.ts';

const BOTH = {
  ...integrated(),
  'bgsync.config.json': JSON.stringify({ platforms: ['android', 'ios'] }),
};
const withCodegen = JSON.stringify({
  ...(JSON.parse(BASES['react-native']['package.json']) as object),
  codegenConfig: { name: 'DemoSpec', type: 'modules', jsSrcsDir: 'src' },
});
const OBJC = 'ios/Demo/Sync.m';
const KOTLIN = 'android/app/src/main/java/com/example/demo/SyncModule.kt';
const JAVA = 'android/app/src/main/java/com/example/demo/SyncModule.java';
const SPEC = 'src/NativeBackgroundSync.ts';

const kotlin = (body: string): string => `package com.example.demo

import com.facebook.react.bridge.ReactApplicationContext
import com.facebook.react.bridge.ReactContextBaseJavaModule

class SyncModule(context: ReactApplicationContext) : ReactContextBaseJavaModule(context) {
${body}
}
`;
const asks = (call: string): string => `import type { TurboModule } from 'react-native';
import { TurboModuleRegistry } from 'react-native';

export interface Spec extends TurboModule {
  sync(): Promise<void>;
}

export default ${call};
`;

describeCheck('J20', {
  base: 'react-native',
  triggers: {
    'a module that Objective-C exports by name': {
      files: {
        ...BOTH,
        [OBJC]: '@implementation Sync\nRCT_EXPORT_MODULE(BackgroundSync)\n@end\n',
      },
      at: `${OBJC}:2`,
      message: 'is called BackgroundSync',
    },
    'one that has the name of its class': {
      files: { ...BOTH, [OBJC]: '@implementation BackgroundSync\n\nRCT_EXPORT_MODULE();\n@end\n' },
      at: `${OBJC}:3`,
    },
    'one with RCT before it': {
      files: { ...BOTH, [OBJC]: '@implementation RCTBackgroundSync\nRCT_EXPORT_MODULE()\n@end\n' },
      at: `${OBJC}:2`,
    },
    'one of Swift': {
      files: {
        ...BOTH,
        [OBJC]: '@interface RCT_EXTERN_MODULE(BackgroundSync, NSObject)\n@end\n',
      },
      at: `${OBJC}:1`,
    },
    'one of Swift under another name': {
      files: {
        ...BOTH,
        [OBJC]: '@interface RCT_EXTERN_REMAP_MODULE(BackgroundSync, Sync, NSObject)\n@end\n',
      },
      at: `${OBJC}:1`,
    },
    'one of Kotlin': {
      files: { ...BOTH, [KOTLIN]: kotlin('    override fun getName() = "BackgroundSync"') },
      at: `${KOTLIN}:7`,
    },
    'one of Kotlin, by a constant': {
      files: {
        ...BOTH,
        [KOTLIN]: kotlin(
          '    override fun getName(): String = NAME\n\n    companion object {\n        const val NAME = "BackgroundSync"\n    }',
        ),
      },
      at: `${KOTLIN}:10`,
    },
    'one of Java': {
      files: {
        ...BOTH,
        [JAVA]: `package com.example.demo;

public class SyncModule extends ReactContextBaseJavaModule {
    @Override
    public String getName() {
        return "BackgroundSync";
    }
}
`,
      },
      at: `${JAVA}:6`,
    },
    'a specification of the app': {
      files: {
        ...BOTH,
        'package.json': withCodegen,
        [SPEC]: asks("TurboModuleRegistry.getEnforcing<Spec>('BackgroundSync')"),
      },
      at: `${SPEC}:8`,
    },
  },
  near: {
    'a specification that codegen does not read': {
      ...BOTH,
      [SPEC]: asks("TurboModuleRegistry.get<Spec>('BackgroundSync')"),
    },
    'other names': {
      ...BOTH,
      'package.json': withCodegen,
      [OBJC]:
        '@implementation Sync\nRCT_EXPORT_MODULE(BackgroundSyncer)\n// RCT_EXPORT_MODULE(BackgroundSync)\n@end\n',
      [KOTLIN]: kotlin(
        '    override fun getName() = "Sync"\n\n    private val tag = "BackgroundSync"',
      ),
      [SPEC]: asks("TurboModuleRegistry.get<Spec>('Sync')"),
    },
    'a class of that name that is no module': {
      ...BOTH,
      [OBJC]: '@implementation BackgroundSync\n- (void)run {}\n@end\n',
      'android/app/src/main/java/com/example/demo/BackgroundSync.kt':
        'package com.example.demo\n\nobject BackgroundSync {\n    const val NAME = "BackgroundSync"\n}\n',
    },
    'a module of a platform that bgsync is not on': {
      ...integrated(),
      [KOTLIN]: kotlin('    override fun getName() = "BackgroundSync"'),
    },
    'an app without bgsync': {
      [OBJC]: '@implementation Sync\nRCT_EXPORT_MODULE(BackgroundSync)\n@end\n',
    },
  },
});
