import CommandLineTool
import Foundation

exit(CrashProofCommand.main(Array(CommandLine.arguments.dropFirst())))
