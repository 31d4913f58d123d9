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
                    "options": .array(options), "defaults": defaults(of: entry),
                ]
            }
            let common = AttentionMethods.commonOptions.map { option -> JSONValue in
                ["key": .string(option.key), "summary": .string(option.summary)]
            }
            let result: JSONValue = ["methods": .array(methods), "commonOptions": .array(common)]
            return try Terminal.print(result.text(pretty: true))
        }
        for entry in AttentionMethods.all {
            try Terminal.print("\(entry.name.rightPadded(12)) \(entry.summary)")
            for option in entry.options {
                try Terminal.print("  \(option.key.rightPadded(15)) \(option.summary)")
            }
            if entry.defaults.lastRowsDense > 0 {
                try Terminal.print("  last-rows-dense (\(entry.defaults.lastRowsDense))")
            }
        }
        try Terminal.print("every method")
        for option in AttentionMethods.commonOptions {
            try Terminal.print("  \(option.key.rightPadded(15)) \(option.summary)")
        }
        try Terminal.print("another method from a layer on: NAME[:key=value,...]+LAYER=NAME[:key=value,...]")
    }

    private func defaults(of entry: AttentionMethods.Entry) -> JSONValue {
        [
            "dense-layers": .int(entry.defaults.denseLayers),
            "last-rows-dense": .int(entry.defaults.lastRowsDense),
            "skip": entry.defaults.skip.map { .double(Double($0)) } ?? .null,
        ]
    }
}
