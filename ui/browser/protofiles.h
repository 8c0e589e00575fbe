// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/formats/format.h"
#include "core/formats/protoschema.h"

#include <QObject>

#include <stop_token>

namespace slotscope {

/// The folders of .proto files that the user has chosen, and what was read from them in another thread. GUI thread.
class ProtoFiles final : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(ProtoFiles)
public:
    explicit ProtoFiles(QObject *parent = nullptr) : QObject(parent) { }
    ~ProtoFiles() override;

    [[nodiscard]] const QStringList &folders() const { return m_folders; }
    /// Reads the folders if they are others than before.
    void setFolders(const QStringList &folders);
    void readAgain();
    [[nodiscard]] bool isReading() const { return m_isReading; }
    [[nodiscard]] const ProtoSchemaPtr &schema() const { return m_schema; } ///< null: nothing was read yet
    /// The chain with the .proto files, if it names a message type.
    [[nodiscard]] FormatChain withSchema(FormatChain chain) const;
    [[nodiscard]] static bool isTyped(const FormatChain &chain);

Q_SIGNALS:
    void changed(); ///< reading has begun or ended

private:
    QStringList m_folders;
    ProtoSchemaPtr m_schema;
    std::stop_source m_stop;
    quint64 m_round = 0; ///< counts readings; results of older ones are dropped
    bool m_isReading = false;
};

} // namespace slotscope
