import Checkpoints
import MInferenceTesting
import Testing

@Suite struct ModelDirectoryTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func search(
        _ environment: [String: String] = [:], executable: String? = nil, current: String? = nil
    )
        -> ModelSearchPaths
    {
        ModelSearchPaths(environment: environment, executableDirectory: executable, currentDirectory: current)
    }

    @Test func directoryIsTakenAsItIs() throws {
        try directory.write("{}", to: "config.json")
        #expect(try ModelDirectory(directory.path, searching: search()).path == directory.path)
        let home = search(["HOME": directory.path])
        #expect(try ModelDirectory("~", searching: home).path == directory.path)
    }

    @Test func directoryWithoutConfigurationIsAnError() {
        #expect(throws: ModelDirectoryError.noConfiguration(directory: directory.path)) {
            try ModelDirectory(directory.path, searching: search())
        }
    }

    @Test func fileIsAnError() throws {
        let path = try directory.write("x", to: "model.safetensors")
        #expect(throws: ModelDirectoryError.notADirectory(path: path)) {
            try ModelDirectory(path, searching: search())
        }
    }

    @Test(arguments: ["HF_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME", "HOME"])
    func cacheIsWhereTheHubPutsIt(_ variable: String) throws {
        let caches = [
            "HF_HUB_CACHE": "", "HF_HOME": "hub/", "XDG_CACHE_HOME": "huggingface/hub/",
            "HOME": ".cache/huggingface/hub/",
        ]
        let repository = (caches[variable] ?? "") + "models--org--Name-1.5"
        try directory.write("0123abcd\n", to: repository + "/refs/main")
        try directory.write("{}", to: repository + "/snapshots/0123abcd/config.json")
        try directory.write("{}", to: repository + "/snapshots/ffff/config.json")
        let found = try ModelDirectory("org/Name-1.5", searching: search([variable: directory.path]))
        #expect(found.path == directory.path + "/" + repository + "/snapshots/0123abcd")
    }

    @Test func theFirstVariableDecides() {
        let all = ["HF_HUB_CACHE": "/a", "HF_HOME": "/b", "HOME": "/c"]
        #expect(search(all).huggingFaceCache == "/a")
        #expect(search(["HF_HOME": "~/x", "HOME": "/c"]).huggingFaceCache == "/c/x/hub")
        #expect(search().huggingFaceCache == nil)
    }

    @Test func onlySnapshotIsTakenWithoutMain() throws {
        try directory.write("{}", to: "models--org--name/snapshots/aaaa/config.json")
        let paths = search(["HF_HUB_CACHE": directory.path])
        let snapshot = directory.path + "/models--org--name/snapshots/aaaa"
        #expect(try ModelDirectory("org/name", searching: paths).path == snapshot)
        // A revision that was not downloaded, or that would lead elsewhere, is no revision.
        for revision in ["bbbb", "../../..", "", "\0"] {
            try directory.write(revision, to: "models--org--name/refs/main")
            #expect(try ModelDirectory("org/name", searching: paths).path == snapshot)
        }
    }

    @Test func severalSnapshotsWithoutMainAreAnError() throws {
        try directory.write("{}", to: "models--org--name/snapshots/aaaa/config.json")
        try directory.write("{}", to: "models--org--name/snapshots/bbbb/config.json")
        let error = ModelDirectoryError.noSnapshot(
            directory: directory.path + "/models--org--name", snapshots: ["aaaa", "bbbb"])
        #expect(throws: error) {
            try ModelDirectory("org/name", searching: search(["HF_HUB_CACHE": directory.path]))
        }
    }

    @Test func unknownNameSaysWhereItWasLookedFor() {
        let paths = search(["HF_HUB_CACHE": directory.path])
        let error = ModelDirectoryError.notFound(
            name: "org/name", looked: ["directory org/name", directory.path + "/models--org--name"])
        #expect(throws: error) { try ModelDirectory("org/name", searching: paths) }
        #expect(error.description.contains("hf download"))
    }

    @Test(arguments: ["", "a/b/c", "../x", "org/..", "/absent/model", "org/", "a b", ".hidden", "org\0/x"])
    func nameThatIsNoRepositoryIsNotLookedForInTheCache(_ name: String) {
        #expect(throws: ModelDirectoryError.notFound(name: name, looked: ["directory \(name)"])) {
            try ModelDirectory(name, searching: search(["HF_HUB_CACHE": directory.path]))
        }
    }

    @Test func bundledModelIsFoundFromAboveTheExecutableOrTheCurrentDirectory() throws {
        try directory.write("{}", to: "Models/needle-11m/config.json")
        try directory.write("x", to: "deep/er/file")
        let deep = directory.path + "/deep/er"
        let expected = directory.path + "/Models/needle-11m"
        #expect(try ModelDirectory("bundled", searching: search(executable: deep)).path == expected)
        #expect(
            try ModelDirectory("bundled", searching: search(executable: "/", current: deep)).path == expected)
        let variable = search(["MINFERENCE_MODELS": directory.path + "/Models"], current: "/")
        #expect(try ModelDirectory("bundled", searching: variable).path == expected)
    }

    @Test func missingBundledModelSaysWhereItWasLookedFor() {
        let paths = search(
            ["MINFERENCE_MODELS": "/absent"], executable: directory.path, current: directory.path)
        let error = #expect(throws: ModelDirectoryError.self) {
            try ModelDirectory("bundled", searching: paths)
        }
        let message = error?.description ?? ""
        #expect(message.contains("/absent/needle-11m") && message.contains("MINFERENCE_MODELS"), "\(message)")
    }

    @Test func bundledModelOfThisPackageIsFound() throws {
        let paths = search(current: Fixtures.directory)
        #expect(try ModelDirectory("bundled", searching: paths).path == Fixtures.bundledModel)
    }
}
