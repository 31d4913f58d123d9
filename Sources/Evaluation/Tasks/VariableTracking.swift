import MInference

/// RULER's variable tracking: one chain of five variables, in order, in noise; which of them have the value?
struct VariableTracking: DraftSource {
    private static let hops = 4
    /// The chain's lines go before different lines of the noise.
    let minimumUnits = hops + 1
    private let chain: Chain
    private let example: String
    private let isRuler: Bool
    private let scattering: SplitMix64

    init(random: SplitMix64, context: SampleContext) {
        var random = random
        isRuler = context.isRuler
        chain = Chain(nameLength: 5, hops: Self.hops, random: &random)
        scattering = random.split()
        example = isRuler ? Self.example(random: random.split()) : ""
    }

    func draft(units: Int) -> Draft {
        var random = scattering
        var draft = Draft(
            frame: chain.frame(isRuler: isRuler, example: example),
            document: isRuler ? NoiseHaystack.lines(units) : NoiseHaystack.prefix(units),
            answerPrefix: isRuler ? chain.rulerPrefix : " The variables are", references: chain.names)
        draft.scatter(chain.lines(isRuler: isRuler), with: &random)
        return draft
    }

    /// A chain of variables, the first of which is assigned a value.
    private struct Chain {
        let names: [String]
        let value: Int

        init(nameLength: Int, hops: Int, random: inout SplitMix64) {
            let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
            var names: [String] = []
            while names.count <= hops {
                let name = String((0..<nameLength).map { _ in random.pick(letters) })
                if !names.contains(name) { names.append(name) }
            }
            self.names = names
            value = random.integer(in: 10_000..<100_000)
        }

        func lines(isRuler: Bool) -> [String] {
            let lines =
                ["VAR \(names[0]) = \(value)"] + zip(names.dropFirst(), names).map { "VAR \($0) = VAR \($1)" }
            return lines.map { isRuler ? "\n" + $0 : " " + $0 + "." }
        }

        func frame(isRuler: Bool, example: String) -> Draft.Frame {
            Draft.Frame(
                example: example,
                heading:
                    "Memorize and track the chain(s) of variable assignment hidden in the following text.",
                gap: isRuler ? "\n\n" : "\n",
                question: (isRuler ? "Question: " : "")
                    + "Find all variables that are assigned the value \(value) in the text above.",
                keepsSpaces: !isRuler)
        }

        var rulerPrefix: String {
            " Answer: According to the chain(s) of variable assignment in the text above, \(names.count) variables "
                + "are assigned the value \(value), they are: "
        }
    }

    /// RULER's worked example: names of three letters in a few lines of noise.
    private static func example(random: SplitMix64) -> String {
        var random = random
        let chain = Chain(nameLength: 3, hops: hops, random: &random)
        var draft = Draft(
            frame: chain.frame(isRuler: true, example: ""), document: NoiseHaystack.lines(8),
            answerPrefix: "", references: [])
        draft.scatter(chain.lines(isRuler: true), with: &random)
        return draft.content + chain.rulerPrefix + chain.names.joined(separator: " ") + "\n\n"
    }
}
