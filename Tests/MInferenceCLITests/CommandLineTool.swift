import Foundation
import MInferenceTesting

/// Runs the built `minference` as a user would.
enum CommandLineTool {
    /// What a run left behind.
    struct Run {
        var status: Int32
        var output: String
        var errors: String
        /// The error's own line, without progress before it.
        var lastLine: String { errors.split(separator: "\n").last.map(String.init) ?? "" }
    }

    /// Beside the test bundle.
    private static var executable: URL {
        URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent(
            "minference")
    }

    /// Runs with these arguments, `input` on standard input and the repository as the current directory.
    static func run(_ arguments: [String], input: Data = Data(), environment: [String: String] = [:]) throws
        -> Run
    {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
        (process.standardInput, process.standardOutput, process.standardError) = (stdin, stdout, stderr)
        try process.run()
        // Inputs here are small enough for the pipe's buffer.
        stdin.fileHandleForWriting.write(input)
        try stdin.fileHandleForWriting.close()
        let output = stdout.fileHandleForReading.readDataToEndOfFile()
        let errors = stderr.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Run(
            status: process.terminationReason == .exit
                ? process.terminationStatus : -process.terminationStatus,
            output: String(decoding: output, as: UTF8.self), errors: String(decoding: errors, as: UTF8.self))
    }
}
