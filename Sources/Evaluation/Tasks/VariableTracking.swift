import MInference

/// RULER's variable tracking: one chain of five variables, in order, in noise or prose; which of them have the value?
struct VariableTracking: DraftSource {
    let minimumUnits = 0
    private let names: [String]
    private let value: Int
    private let isNoisy: Bool
    private var prose: ProceduralProse
    private let scattering: SplitMix64

    init(random: SplitMix64) {
        var random = random
        prose = ProceduralProse(random: random.split())
        isNoisy = random.chance(1, of: 2)
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        var names: [String] = []
        while names.count < 5 {
            let name = String((0..<5).map { _ in random.pick(letters) })
            if !names.contains(name) { names.append(name) }
        }
        self.names = names
        value = random.integer(in: 10_000..<100_000)
        scattering = random.split()
    }

    mutating func draft(units: Int) -> Draft {
        var random = scattering
        var draft = Draft(
            heading: "Memorize and track the chain(s) of variable assignment hidden in the following text.",
            document: isNoisy ? NoiseHaystack.prefix(units) : prose.prefix(units),
            question: "Find all variables that are assigned the value \(value) in the text above.",
            answerPrefix: " The variables are", references: names)
        let assignments = zip(names.dropFirst(), names).map { " VAR \($0) = VAR \($1)." }
        draft.scatter([" VAR \(names[0]) = \(value)."] + assignments, with: &random)
        return draft
    }
}
