=== mix.exs
defmodule A.MixProject do
  use Mix.Project
  def project, do: [app: :a, deps: deps()]
  defp deps do
    [{:b, "~> 1.0"}, {:c, ">= 1.0.0 and < 2.0.0", only: [:dev, :test]}, {:d, path: "../d"}, {:e, git: "x", tag: "1"}] # {:n, "1"}
  end
end
