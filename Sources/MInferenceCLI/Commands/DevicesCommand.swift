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
        let devices = Backends.devices()
        var table = Table(["device", "available", "what"], isText: true)
        for device in devices {
            table.append([device.name, device.isAvailable ? "yes" : "no", device.summary])
        }
        let rows = devices.map { device -> JSONValue in
            [
                "device": .string(device.name), "available": .bool(device.isAvailable),
                "summary": .string(device.summary),
            ]
        }
        let result: JSONValue = ["devices": .array(rows)]
        try Terminal.print(json ? result.text(pretty: true) : table.text)
    }
}
