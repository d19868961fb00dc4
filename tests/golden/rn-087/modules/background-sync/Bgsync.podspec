require 'json'

package = JSON.parse(File.read(File.join(__dir__, 'package.json')))

Pod::Spec.new do |s|
  s.name = 'Bgsync'
  s.version = package['version']
  s.summary = package['description']
  # CocoaPods asks for one; this pod lives in the app.
  s.homepage = 'https://localhost'
  s.license = 'MIT'
  s.authors = 'bgsync'
  s.source = { :path => '.' }

  # The oldest that React Native 0.77 allows. A pod may not ask for more than its app.
  s.platforms = { :ios => '15.1' }
  s.swift_version = '5.0'
  s.source_files = 'ios/**/*.{swift,mm}'
  s.frameworks = 'BackgroundTasks', 'Network', 'UIKit'
  # The Swift header that BackgroundSyncModule.mm imports exists for pods that define a module.
  s.pod_target_xcconfig = { 'DEFINES_MODULE' => 'YES' }

  # React-Core, codegen and the flags of the architecture that the app has chosen.
  install_modules_dependencies(s)
end
