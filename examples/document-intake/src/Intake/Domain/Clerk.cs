namespace Intake.Domain;

/// <summary>What is done with documents.</summary>
public class Clerk(IDocuments documents, IRegister register)
{
    public async Task RegisterAsync(string place, string key)
    {
        var size = await documents.SizeAsync(place, key);
        await register.SaveAsync(new Entry { Key = key, Size = size });
        await documents.MarkAsync(place, key, "registered");
    }

    public Task<Entry?> FindAsync(string key) => register.FindAsync(key);
}
