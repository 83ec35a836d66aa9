// swift-tools-version: 6.2
import PackageDescription

/// One module: its name, what it may import. The layering of the project is this table; the build
/// refuses an import that it does not list (`--explicit-target-dependency-import-check error`).
let modules: [(name: String, imports: [String])] = [
  ("InputText", []),
  ("SimulationKernel", []),
  ("LinearizabilityChecking", []),
  ("DiskSimulation", ["SimulationKernel"]),
  ("NetworkSimulation", ["SimulationKernel"]),
  ("ModelChecking", ["SimulationKernel"]),
  ("ComparisonModels", ["SimulationKernel", "ModelChecking"]),
  ("ReplicationProtocols", ["SimulationKernel", "LinearizabilityChecking"]),
  (
    "ClusterSimulation",
    [
      "SimulationKernel", "LinearizabilityChecking", "DiskSimulation", "NetworkSimulation",
      "ModelChecking",
    ]
  ),
  ("ScenarioFiles", ["InputText", "SimulationKernel"]),
  ("HistoryFiles", ["InputText", "LinearizabilityChecking"]),
  (
    "Reporting",
    [
      "InputText", "SimulationKernel", "ClusterSimulation", "LinearizabilityChecking",
      "ScenarioFiles",
    ]
  ),
  (
    "CommandLineTool",
    [
      "InputText", "SimulationKernel", "LinearizabilityChecking", "DiskSimulation",
      "NetworkSimulation", "ModelChecking", "ComparisonModels", "ReplicationProtocols",
      "ClusterSimulation", "ScenarioFiles", "HistoryFiles", "Reporting",
    ]
  ),
]

/// What the tests of a module import beyond the module's own imports.
let furtherTestImports = ["ReplicationProtocols": ["DiskSimulation"]]

/// Test targets that look at the whole project rather than at one module.
let projectTests: [(name: String, imports: [String])] = [
  (
    "ConformanceTests",
    [
      "InputText", "SimulationKernel", "LinearizabilityChecking", "ReplicationProtocols",
      "ClusterSimulation", "DiskSimulation", "ScenarioFiles", "HistoryFiles", "Reporting",
      "CommandLineTool", "ModelChecking",
    ]
  ),
  ("EndToEndTests", ["InputText", "ScenarioFiles", "CommandLineTool", "crashproof"]),
  ("TidinessTests", ["InputText", "ScenarioFiles", "CommandLineTool"]),
]

func dependencies(_ names: [String]) -> [Target.Dependency] {
  names.map { .target(name: $0) }
}

let package = Package(
  name: "CrashProof",
  products: [
    .executable(name: "crashproof", targets: ["crashproof"]),
    .library(name: "ClusterSimulation", targets: ["ClusterSimulation"]),
    .library(name: "SimulationKernel", targets: ["SimulationKernel"]),
    .library(name: "LinearizabilityChecking", targets: ["LinearizabilityChecking"]),
    .library(name: "HistoryFiles", targets: ["HistoryFiles"]),
    .library(name: "ModelChecking", targets: ["ModelChecking"]),
    .library(name: "DiskSimulation", targets: ["DiskSimulation"]),
    .library(name: "NetworkSimulation", targets: ["NetworkSimulation"]),
    .library(name: "ReplicationProtocols", targets: ["ReplicationProtocols"]),
    .library(name: "CommandLineTool", targets: ["CommandLineTool"]),
  ],
  targets: modules.map { .target(name: $0.name, dependencies: dependencies($0.imports)) }
    + [.executableTarget(name: "crashproof", dependencies: ["CommandLineTool"])]
    + modules.map {
      .testTarget(
        name: $0.name + "Tests",
        dependencies: dependencies(
          [$0.name] + $0.imports + furtherTestImports[$0.name, default: []]))
    }
    + projectTests.map {
      .testTarget(
        name: $0.name, dependencies: dependencies($0.imports),
        exclude: $0.name == "EndToEndTests" ? ["Snapshots"] : [])
    },
  swiftLanguageModes: [.v6]
)
