import ArgumentParser
import Compute
import JSON
import MInference

/// `minference devices`: what models can run on here.
struct DevicesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "devices", abstract: "List the devices that are here, and why others are not.")

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        var rows: [JSONValue] = []
        var table = Table(["device", "available", "what"])
        for choice in [DeviceChoice.cpu, .cuda(0)] {
            let found: (available: Bool, what: String)
            do {
                found = (true, try Backends.make(device: choice).summary)
            } catch let error as ComputeError {
                found = (false, "\(error)")
            }
            table.append(["\(choice)", found.available ? "yes" : "no", found.what])
            rows.append([
                "device": .string("\(choice)"), "available": .bool(found.available),
                "summary": .string(found.what),
            ])
        }
        let result: JSONValue = ["devices": .array(rows)]
        try Terminal.print(json ? result.text(pretty: true) : table.text)
    }
}
