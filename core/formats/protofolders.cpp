// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/protofolders.h"

#include "core/base/text.h"
#include "core/base/tr.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>

#include <algorithm>

namespace slotscope {

using namespace Qt::Literals::StringLiterals;

namespace {

class ProtoFolderReader
{
public:
    ProtoFolderReader(const ProtoLimits &limits, std::stop_token stop)
        : m_limits(limits), m_stop(std::move(stop)), m_entriesLeft(limits.entries), m_bytesLeft(limits.bytes)
    { }

    void readFolder(const QString &folder)
    {
        const QFileInfo info(folder);
        if (info.isFile())
            return read(info.fileName(), folder);
        if (!info.isDir())
            return tell(folder, tr("there is no such folder"));
        const QDir root(info.absoluteFilePath());
        QStringList names;
        QDirIterator all(root.path(), QDir::Files | QDir::Dirs | QDir::NoDotAndDotDot | QDir::NoSymLinks,
                         QDirIterator::Subdirectories);
        while (all.hasNext() && goesOn(folder)) {
            const QString name = root.relativeFilePath(all.next());
            if (name.endsWith(u".proto"_s) && all.fileInfo().isFile() && name.count(u'/') <= m_limits.depth)
                names += name;
        }
        std::sort(names.begin(), names.end()); // the order of a folder's entries is not fixed
        for (const QString &name : std::as_const(names))
            read(name, root.filePath(name));
        if (names.isEmpty())
            tell(folder, tr("it contains no .proto files"));
    }

    QList<ProtoText> texts;
    QList<ProtoProblem> problems;

private:
    void tell(const QString &file, const QString &words) { addProblem(problems, {file, 0, 0, words}); }
    bool goesOn(const QString &folder)
    {
        if (m_stop.stop_requested() || m_entriesLeft < 0)
            return false;
        if (m_entriesLeft-- > 0)
            return true;
        tell(folder,
             tr("it contains more than %1 files: the rest was not looked at").arg(groupedNumber(m_limits.entries)));
        return false;
    }
    void read(const QString &name, const QString &path)
    {
        if (m_stop.stop_requested() || m_isFull)
            return;
        QFile file(path);
        if (!file.open(QIODevice::ReadOnly))
            return tell(name, file.errorString());
        if (file.size() > m_limits.bytesOfFile)
            return tell(name, tr("it is larger than %1").arg(byteSize(m_limits.bytesOfFile)));
        const QByteArray text = file.read(m_limits.bytesOfFile);
        if (file.error() != QFile::NoError)
            return tell(name, file.errorString());
        m_bytesLeft -= text.size();
        m_isFull = m_bytesLeft < 0 || texts.size() >= m_limits.files;
        if (m_isFull)
            return tell(name,
                        tr("from here on, files were not read: there are more than %1 files or %2")
                            .arg(groupedNumber(m_limits.files), byteSize(m_limits.bytes)));
        texts += {name, text};
    }

    ProtoLimits m_limits;
    std::stop_token m_stop;
    int m_entriesLeft;
    qint64 m_bytesLeft;
    bool m_isFull = false;
};

} // namespace

ProtoSchemaPtr readProtoFolders(const QStringList &folders, const ProtoLimits &limits, std::stop_token stop)
{
    ProtoFolderReader reader(limits, stop);
    for (const QString &folder : folders)
        reader.readFolder(folder);
    return parseProtoFiles(reader.texts, std::move(reader.problems), stop);
}

} // namespace slotscope
