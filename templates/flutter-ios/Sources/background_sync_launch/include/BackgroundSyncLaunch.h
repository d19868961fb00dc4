#import <Foundation/Foundation.h>

@interface BgsyncLaunch : NSObject
@end
