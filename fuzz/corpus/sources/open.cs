=== open.cs
class A { string x = $"{$"{$"{