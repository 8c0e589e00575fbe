// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/profile/composeyaml.h"

#include "core/base/tr.h"
#include "core/net/passwordsource.h"

#include <yaml-cpp/yaml.h>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

constexpr int mostNodes = 50'000, mostMerges = 8, mostAliases = 1000;
constexpr qsizetype mostServices = 500;

struct TooMany
{ };

class ComposeNodes
{
public:
    explicit ComposeNodes(const ComposeVariables &variables) : m_variables(variables) { }
    QStringList missing; ///< collected since last cleared

    [[nodiscard]] QString text(const YAML::Node &node)
    {
        count();
        return node.IsScalar() ? expandVariables(QString::fromStdString(node.Scalar()), m_variables, &missing)
                               : QString();
    }
    /// The value of a key, taken from merged maps (<<) if the map itself does not have it.
    [[nodiscard]] YAML::Node at(const YAML::Node &map, const char *key, int merges = 0)
    {
        count();
        if (!map.IsMap() || merges > mostMerges)
            return {};
        const YAML::Node own = map[key];
        if (own.IsDefined() && !own.IsNull())
            return own;
        const YAML::Node more = map["<<"];
        if (!more.IsDefined())
            return {};
        if (more.IsMap())
            return at(more, key, merges + 1);
        for (const YAML::Node &each : list(more)) {
            const YAML::Node found = at(each, key, merges + 1);
            if (found.IsDefined() && !found.IsNull())
                return found;
        }
        return {};
    }
    [[nodiscard]] QList<YAML::Node> list(const YAML::Node &sequence)
    {
        QList<YAML::Node> nodes;
        if (!sequence.IsDefined() || !sequence.IsSequence())
            return nodes;
        for (const YAML::Node &each : sequence) {
            count();
            nodes.append(each);
        }
        return nodes;
    }
    /// Reads a line or a list as words.
    [[nodiscard]] QStringList words(const YAML::Node &node)
    {
        QStringList found;
        if (node.IsDefined() && node.IsScalar()) {
            const QString line = text(node);
            return PasswordSource::wordsOf(line).value_or(line.split(u' ', Qt::SkipEmptyParts));
        }
        for (const YAML::Node &each : list(node))
            found << text(each);
        return found;
    }
    /// Reads a map, or a list of NAME=VALUE; merged maps (<<) are applied first.
    void takeEnvironment(const YAML::Node &node, ComposeVariables &into, int merges = 0)
    {
        if (!node.IsDefined() || merges > mostMerges)
            return;
        for (const YAML::Node &each : list(node)) {
            const QString line = text(each);
            const QString name = line.section(u'=', 0, 0);
            into.insert(name, line.contains(u'=') ? line.section(u'=', 1) : m_variables.value(name));
        }
        if (!node.IsMap())
            return;
        if (const YAML::Node more = node["<<"]; more.IsDefined())
            takeEnvironment(more, into, merges + 1);
        for (const auto &each : node) {
            count();
            const QString name = QString::fromStdString(each.first.Scalar());
            if (name != u"<<")
                into.insert(name, each.second.IsNull() ? m_variables.value(name) : text(each.second));
        }
    }
    void count()
    {
        if (++m_count > mostNodes)
            throw TooMany();
    }

private:
    const ComposeVariables &m_variables;
    int m_count = 0;
};

/// Converts the long form {target, published, host_ip} to the short one.
QString portText(ComposeNodes &nodes, const YAML::Node &port)
{
    if (!port.IsMap())
        return nodes.text(port);
    const QString published = nodes.text(nodes.at(port, "published")), target = nodes.text(nodes.at(port, "target"));
    const QString host = nodes.text(nodes.at(port, "host_ip"));
    if (published.isEmpty() || target.isEmpty())
        return {};
    return (host.isEmpty() ? QString() : (host.contains(u':') ? u'[' + host + u']' : host) + u':') + published + u':'
        + target;
}

ComposeService serviceOf(ComposeNodes &nodes, const QString &name, const YAML::Node &node)
{
    ComposeService service;
    nodes.missing.clear();
    service.name = name;
    service.image = nodes.text(nodes.at(node, "image"));
    service.command = nodes.words(nodes.at(node, "entrypoint")) + nodes.words(nodes.at(node, "command"));
    for (const YAML::Node &port : nodes.list(nodes.at(node, "ports")))
        service.ports << portText(nodes, port);
    nodes.takeEnvironment(nodes.at(node, "environment"), service.environment);
    service.usesHostNetwork = nodes.text(nodes.at(node, "network_mode")) == u"host";
    for (const QString &missing : std::as_const(nodes.missing))
        service.notes << tr("the variable %1 is not set").arg(missing);
    if (nodes.at(node, "env_file").IsDefined() && !nodes.at(node, "env_file").IsNull())
        service.notes << tr("its env_file is not read");
    if (nodes.at(node, "extends").IsDefined() && !nodes.at(node, "extends").IsNull())
        service.notes << tr("the service that it extends is not read");
    return service;
}

Result<ComposeFile> readNodes(const QByteArray &yaml, const ComposeVariables &variables)
{
    const YAML::Node root = YAML::Load(yaml.toStdString());
    ComposeNodes nodes(variables);
    const YAML::Node services = nodes.at(root, "services");
    if (!services.IsDefined() || !services.IsMap())
        return failure(Error::Code::InvalidArgument, tr("this is not a Compose file: it has no services"));
    ComposeFile file;
    if (const YAML::Node name = nodes.at(root, "name"); name.IsDefined())
        file.name = nodes.text(name);
    for (const auto &each : services) {
        if (file.services.size() >= mostServices)
            throw TooMany();
        file.services.append(serviceOf(nodes, QString::fromStdString(each.first.Scalar()), each.second));
    }
    return file;
}

} // namespace

Result<ComposeFile> readComposeYaml(const QByteArray &yaml, const ComposeVariables &variables)
{
    const auto tooMuch = [] {
        return failure(Error::Code::LimitExceeded,
                       tr("the file, or its aliases when expanded, is larger than the limit"));
    };
    if (yaml.count('*') > mostAliases)
        return tooMuch();
    try {
        return readNodes(yaml, variables);
    } catch (const TooMany &) {
        return tooMuch();
    } catch (const YAML::Exception &wrong) { // not shown, because its message may quote the file including a password
        return failure(Error::Code::InvalidArgument, tr("this is not valid YAML (line %1)").arg(wrong.mark.line + 1));
    } catch (const std::exception &) {
        return failure(Error::Code::InvalidArgument, tr("this is not valid YAML"));
    }
}

} // namespace slotscope
