namespace Intake.Domain;

public class Entry
{
    public string Key { get; set; } = "";
    public long Size { get; set; }
}

public interface IDocuments
{
    Task<long> SizeAsync(string place, string key);
    Task MarkAsync(string place, string key, string state);
    Task RemoveAsync(string place, string key);
}

public interface IRegister
{
    Task SaveAsync(Entry entry);
    Task<Entry?> FindAsync(string key);
}
