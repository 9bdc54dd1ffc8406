using Amazon.S3;
using Amazon.S3.Model;
using Intake.Domain;

namespace Intake.Storage;

public class BucketDocuments(IAmazonS3 s3) : IDocuments
{
    public async Task<long> SizeAsync(string place, string key)
    {
        using var document = await s3.GetObjectAsync(place, key);
        return document.ContentLength;
    }

    public async Task MarkAsync(string place, string key, string state)
    {
        var request = new PutObjectTaggingRequest { BucketName = place, Key = key };
        request.Tagging = new Tagging { TagSet = [new Tag { Key = "state", Value = state }] };
        await s3.PutObjectTaggingAsync(request);
    }

    public Task RemoveAsync(string place, string key) => s3.DeleteObjectAsync(place, key);
}
