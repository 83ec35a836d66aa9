import CommandLineTool
import Foundation
import MirroredRegister

let arguments = Array(CommandLine.arguments.dropFirst())
exit(CrashProofCommand.main(arguments, adding: [CatalogEntry(MirroredRegister.self)]))
