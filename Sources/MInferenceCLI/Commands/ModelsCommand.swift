import ArgumentParser
import JSON
import MInference

/// `minference models`: which architectures are supported and which checkpoints are here.
struct ModelsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "List supported architectures and the checkpoints found on this machine.")

    @Flag(help: "Print one JSON object.")
    var json = false

    func run() async throws {
        let found = InstalledModel.all()
        if json {
            let models = found.map { model -> JSONValue in
                [
                    "name": .string(model.name), "directory": .string(model.directory),
                    "modelType": model.modelType.map(JSONValue.string) ?? .null,
                    "supported": .bool(model.problem == nil),
                    "problem": model.problem.map(JSONValue.string) ?? .null,
                ]
            }
            let result: JSONValue = [
                "architectures": .array(ModelConfiguration.supportedModelTypes.map(JSONValue.string)),
                "models": .array(models),
            ]
            return try Terminal.print(result.text(pretty: true))
        }
        var families = Table(["model_type", "models"])
        for family in ModelConfiguration.supportedFamilies {
            families.append([family.modelTypes.joined(separator: ", "), family.models])
        }
        try Terminal.print(families.text)
        var table = Table(["model", "type", "directory"])
        for model in found { table.append([model.name, model.modelType ?? "-", model.directory]) }
        try Terminal.print(found.isEmpty ? "no checkpoints found" : table.text)
        for model in found { if let problem = model.problem { Terminal.note("\(model.name): \(problem)") } }
    }
}
