// What BackgroundSyncBridge.swift needs of Apple's Foundation, which is Objective-C; the one for Linux is Swift.
@import ObjectiveC;

@interface NSString : NSObject
@end

@interface NSDictionary : NSObject
@end
