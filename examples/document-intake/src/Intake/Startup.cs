using Amazon.DynamoDBv2;
using Amazon.S3;
using Intake.Domain;
using Intake.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Intake;

public static class Startup
{
    private static IServiceProvider? _services;

    public static IServiceProvider Services => _services ??= Build();

    private static ServiceProvider Build()
    {
        var services = new ServiceCollection();
        services.AddAWSService<IAmazonS3>();
        services.AddAWSService<IAmazonDynamoDB>();
        services.AddSingleton<IDocuments, BucketDocuments>();
        services.AddSingleton<IRegister>(provider => new TableRegister(
            provider.GetRequiredService<IAmazonDynamoDB>(),
            Environment.GetEnvironmentVariable("REGISTER_TABLE") ?? throw new InvalidOperationException("no table")));
        services.AddSingleton<Clerk>();
        return services.BuildServiceProvider();
    }
}
