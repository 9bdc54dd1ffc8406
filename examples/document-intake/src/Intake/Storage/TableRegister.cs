using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.DataModel;
using Intake.Domain;

namespace Intake.Storage;

public class TableRegister(IAmazonDynamoDB client, string table) : IRegister
{
    private readonly DynamoDBContext _context = new(client);

    public Task SaveAsync(Entry entry) => _context.SaveAsync(entry, new SaveConfig { OverrideTableName = table });

    public async Task<Entry?> FindAsync(string key) =>
        await _context.LoadAsync<Entry>(key, new LoadConfig { OverrideTableName = table });
}
