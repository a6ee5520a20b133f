//! NuGet.

use expect_test::expect;

use super::check;

#[test]
fn projects_with_central_versions_properties_and_tests() {
    check(
        r#"//- Directory.Packages.props
<Project>
  <PropertyGroup>
    <ManagePackageVersionsCentrally>true</ManagePackageVersionsCentrally>
    <AspNetVersion>7.0.5</AspNetVersion>
  </PropertyGroup>
  <ItemGroup>
    <PackageVersion Include="Newtonsoft.Json" Version="13.0.1" />
    <PackageVersion Include="Microsoft.AspNetCore.TestHost" Version="$(AspNetVersion)" />
    <PackageVersion Include="xunit" Version="2.4.2" />
    <GlobalPackageReference Include="Nerdbank.GitVersioning" Version="3.5.119" />
  </ItemGroup>
</Project>
//- src/Shop/Shop.csproj
<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup>
    <TargetFramework>net7.0</TargetFramework>
    <PackageId>Shop.Web</PackageId>
    <PackageLicenseExpression>MIT</PackageLicenseExpression>
    <SerilogVersion>2.12.0</SerilogVersion>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="newtonsoft.json" />
    <PackageReference Include="Serilog" VersionOverride="$(SerilogVersion)" />
    <PackageReference Include="Dapper">
      <Version>2.0.123</Version>
    </PackageReference>
    <PackageReference Include="StyleCop.Analyzers" Version="1.2.0-beta.435" PrivateAssets="all" />
    <PackageReference Include="Polly" Version="[7.0,8.0)" />
    <PackageReference Include="Floating" Version="1.*" />
    <PackageReference Include="Nobody.Says" Version="$(Unknown)" />
    <ProjectReference Include="..\Core\Core.csproj" />
  </ItemGroup>
</Project>
//- test/Shop.Checks/Shop.Checks.csproj
<Project Sdk="Microsoft.NET.Sdk">
  <ItemGroup>
    <PackageReference Include="Microsoft.NET.Test.Sdk" Version="17.6.0" />
    <PackageReference Include="Microsoft.AspNetCore.TestHost" />
    <PackageReference Include="xunit" />
  </ItemGroup>
</Project>
//- old/packages.config
<?xml version="1.0" encoding="utf-8"?>
<packages>
  <package id="jQuery" version="1.9.1" targetFramework="net45" />
  <package id="Microsoft.Net.Compilers" version="2.4.0" targetFramework="net45" developmentDependency="true" />
</packages>
"#,
        &expect![[r#"
            Directory.Packages.props: Directory.Packages.props, -, 1
            old/packages.config: packages.config, -, 2
            src/Shop/Shop.csproj: MSBuild project, Shop.Web MIT, 7
            test/Shop.Checks/Shop.Checks.csproj: MSBuild project, -, 3
              Dapper 2.0.123 direct runtime (2.0.123) [src/Shop/Shop.csproj:11]
              Floating ? direct runtime (1.*) [src/Shop/Shop.csproj:16]
              jQuery 1.9.1 direct runtime (1.9.1) [old/packages.config:3]
              Microsoft.AspNetCore.TestHost 7.0.5 direct dev of Test ($(AspNetVersion)) [test/Shop.Checks/Shop.Checks.csproj:4]
              Microsoft.Net.Compilers 2.4.0 direct build (2.4.0) [old/packages.config:4]
              Microsoft.NET.Test.Sdk 17.6.0 direct dev of Test (17.6.0) [test/Shop.Checks/Shop.Checks.csproj:3]
              Nerdbank.GitVersioning 3.5.119 direct build (3.5.119) [Directory.Packages.props:10]
              Newtonsoft.Json 13.0.1 direct runtime (13.0.1) [src/Shop/Shop.csproj:9]
              Nobody.Says ? direct runtime ($(Unknown)) [src/Shop/Shop.csproj:17]
              Polly ? direct runtime ([7.0,8.0)) [src/Shop/Shop.csproj:15]
              Serilog 2.12.0 direct runtime ($(SerilogVersion)) [src/Shop/Shop.csproj:10]
              StyleCop.Analyzers 1.2.0-beta.435 direct build (1.2.0-beta.435) [src/Shop/Shop.csproj:14]
              xunit 2.4.2 direct dev of Test (2.4.2) [test/Shop.Checks/Shop.Checks.csproj:5]
        "#]],
    );
}

#[test]
fn a_lockfile_has_a_graph_for_each_framework() {
    check(
        r#"//- App.csproj
<Project Sdk="Microsoft.NET.Sdk">
  <ItemGroup>
    <PackageReference Include="serilog.sinks.console" Version="4.*" />
  </ItemGroup>
</Project>
//- packages.lock.json
{
  "version": 1,
  "dependencies": {
    "net6.0": {
      "Serilog.Sinks.Console": {
        "type": "Direct",
        "requested": "[4.*, )",
        "resolved": "4.1.0",
        "contentHash": "x",
        "dependencies": { "Serilog": "2.10.0" }
      },
      "Serilog": { "type": "Transitive", "resolved": "2.10.0", "contentHash": "x" },
      "core": { "type": "Project", "dependencies": { "Serilog": "[2.10.0, )" } }
    },
    "net7.0": {
      "Serilog.Sinks.Console": { "type": "Direct", "resolved": "4.1.0" }
    }
  }
}
"#,
        &expect![[r#"
            App.csproj: MSBuild project, -, 1
            packages.lock.json: packages.lock.json v1, -, 2
              Serilog 2.10.0 through runtime via Serilog.Sinks.Console > Serilog [packages.lock.json:12]
              Serilog.Sinks.Console 4.1.0 direct runtime (4.*) [App.csproj:3 packages.lock.json:5]
        "#]],
    );
}
