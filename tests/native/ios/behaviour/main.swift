// `behaviour FOLDER [NAME…]` runs the tests, each in processes of its own, and keeps their event lines in FOLDER/events.log.
runTests()
endTests()
scheduleTests()
hostTests()
processTests()
recordTests()
suspicionTests()
worldTests()
constraintTests()
endedRunTests()
taskTests()
runProgram { Border(directory: $0) }
