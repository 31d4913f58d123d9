import ArgumentParser
import JSON
import SparseAttention

/// `minference methods`: the attention methods and their options.
struct MethodsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "methods",
        abstract: "List the attention methods that --attention takes, with their options.")

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        if json {
            let methods = AttentionMethods.all.map { entry -> JSONValue in
                let options = entry.options.map { option -> JSONValue in
                    ["key": .string(option.key), "summary": .string(option.summary)]
                }
                return [
                    "name": .string(entry.name), "summary": .string(entry.summary),
                    "options": .array(options),
                ]
            }
            let result: JSONValue = ["methods": .array(methods)]
            return try Terminal.print(result.text(pretty: true))
        }
        for entry in AttentionMethods.all {
            try Terminal.print("\(entry.name.rightPadded(12)) \(entry.summary)")
            for option in entry.options {
                try Terminal.print("  \(option.key.rightPadded(14)) \(option.summary)")
            }
        }
    }
}
